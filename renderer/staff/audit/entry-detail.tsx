/** One entry: what it says, the bytes that were hashed, and the proof that it is in the log. */
import { useTranslation } from 'react-i18next';
import type { AuditDetail } from '../../../shared/contract/audit.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ActionButton } from '../shell/action-button.tsx';
import { isCosigned, proofHolds, useDetail } from './use-detail.ts';
import { useWhen } from './when.ts';

export function EntryDetail({ seq }: { seq: number | undefined }) {
  const { t } = useTranslation();
  const { detail, error, reload } = useDetail(seq);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="staff-audit-side" aria-labelledby="audit-detail" tabIndex={0}>
      <h2 id="audit-detail">
        {seq === undefined ? t('audit.detail.proof') : t('audit.detail.title', { seq })}
      </h2>
      {seq === undefined ? <p className="staff-quiet">{t('audit.detail.pick')}</p> : null}
      {error ? (
        <ErrorPanel error={error}>
          <ActionButton onPress={reload}>{t('audit.retry')}</ActionButton>
        </ErrorPanel>
      ) : null}
      {seq !== undefined && !detail && !error ? <Skeleton lines={12} /> : null}
      {detail ? <Facts detail={detail} /> : null}
    </section>
  );
}

function Facts({ detail }: { detail: AuditDetail }) {
  const { t } = useTranslation();
  const when = useWhen();
  const { entry, index, size, proof, checkpoint } = detail.proof;
  const holds = proofHolds(detail);
  const cosigned = isCosigned(detail);
  const lines: [string, string | undefined][] = [
    [t('audit.table.at'), when(entry.at)],
    [t('audit.table.action'), `${t(`audit.actions.${entry.action}`)} (${entry.action})`],
    [t('audit.table.staff'), entry.staffId],
    [t('audit.detail.session'), entry.sessionId],
    [t('audit.detail.consent'), entry.consentId],
    [t('audit.detail.subject'), entry.subject],
  ];
  return (
    <>
      <dl className="staff-audit-facts">
        {lines.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
        {Object.entries(entry.facts).map(([name, value]) => (
          <div key={name}>
            <dt>
              {t('audit.detail.facts')} · {name}
            </dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('audit.detail.canonical')}</h3>
      <pre>{detail.canonical}</pre>
      <h3>{t('audit.detail.hash')}</h3>
      <pre>{detail.hash}</pre>
      <h3>{t('audit.detail.proof')}</h3>
      <p className="staff-audit-verdict" data-holds={holds}>
        <Icon name={holds ? 'check' : 'danger'} />
        {t(holds ? 'audit.detail.holds' : 'audit.detail.fails')}
      </p>
      <p>{t('audit.detail.proofLine', { index, size, hashes: proof.length })}</p>
      {proof.length > 0 ? <pre>{proof.join('\n')}</pre> : null}
      <h3>{t('audit.detail.checkpoint')}</h3>
      <p className="staff-audit-verdict" data-holds={cosigned}>
        <Icon name={cosigned ? 'check' : 'clock'} />
        {t(cosigned ? 'audit.detail.cosigned' : 'audit.detail.notCosigned')}
      </p>
      <pre>{checkpoint}</pre>
    </>
  );
}
