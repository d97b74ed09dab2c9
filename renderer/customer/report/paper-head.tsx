/** Who, what, when and under which consent; counts; and the watermark of every page. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandArgs, ProofFacts } from '../../../shared/contract/contract.ts';
import { maskName } from '../../../shared/domain/mask.ts';
import { useFormat } from '../../ui/use-format.ts';
import { QrCode } from '../receipt/qr-code.tsx';
import { useVisit } from '../visit/context.ts';

export interface PaperHeadProps {
  options: CommandArgs<'customer', 'makeReport'>;
  proof: ProofFacts;
}

export function PaperHead({ options, proof }: PaperHeadProps) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const format = useFormat();
  const [madeAt] = useState(() => Date.now());
  const { request, counts, representation } = view;
  if (!request) return null;
  const made = `${format.day(new Date(madeAt + 8 * 3_600_000).toISOString().slice(0, 10), true)} ${format.time(madeAt)}`;
  const facts: [string, string][] = [
    [t('paper.name'), maskName(view.name ?? '', options.nameStyle)],
    // Their own copy: in full where they want their name in full.
    [t('paper.number'), options.nameStyle === 'full' ? proof.subscriber : request.maskedNumber],
    ...(representation.kind === 'self'
      ? []
      : ([
          [
            t('paper.representation'),
            t(`representation.${representation.kind}`, { name: representation.name ?? '' }),
          ],
        ] satisfies [string, string][])),
    [t('paper.period'), format.period(request.period, true)],
    [t('paper.categories'), format.list(request.categories.map((category) => t(`categories.${category}`)))],
    [t('paper.madeAt'), made],
    [t('paper.hall'), view.display.language === 'en' ? view.hallEn : view.hall],
    [t('paper.counter'), view.counter],
    [t('paper.policy'), String(view.policyVersion ?? '')],
    [t('paper.consent'), view.consentId ?? ''],
  ];
  const watermark = `${t('paper.watermark')} ${request.maskedNumber} ${format.day(request.period.to, true)}`;
  return (
    <>
      <div className="paper-watermark">
        {['a', 'b', 'c', 'd', 'e', 'f'].map((line) => (
          <span key={line}>{watermark}</span>
        ))}
      </div>
      <div className="paper-title">
        <h1>{t('paper.title')}</h1>
        <figure className="paper-proof">
          <QrCode text={proof.qr} label={t('paper.proof')} />
          <figcaption>{t('paper.proof')}</figcaption>
        </figure>
      </div>
      <dl className="paper-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{t('paper.counts')}</h2>
      <table className="paper-counts">
        <thead>
          <tr>
            <th>{t('paper.kind')}</th>
            <th>{t('paper.rows')}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(counts?.byCategory ?? {}).map(([category, rows]) => (
            <tr key={category}>
              <td>{t(`categories.${category}`)}</td>
              <td>{format.count(rows)}</td>
            </tr>
          ))}
          <tr>
            <td>{t('paper.received')}</td>
            <td>{format.count(counts?.received ?? 0)}</td>
          </tr>
          <tr>
            <td>{t('paper.sent')}</td>
            <td>{format.count(counts?.sent ?? 0)}</td>
          </tr>
          <tr>
            <th scope="row">{t('paper.total')}</th>
            <td>{format.count(counts?.rows ?? 0)}</td>
          </tr>
        </tbody>
      </table>
    </>
  );
}
