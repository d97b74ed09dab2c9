/** What was agreed, where and when, in a few lines. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerView } from '../../../shared/contract/views.ts';
import type { useFormat } from '../../ui/use-format.ts';

export function ReceiptFacts({ view, format }: { view: CustomerView; format: ReturnType<typeof useFormat> }) {
  const { t } = useTranslation('customer');
  const [madeAt] = useState(() => Date.now());
  const { request, display } = view;
  if (!request) return null;
  const moment = (at: number) =>
    `${format.day(new Date(at + 8 * 3_600_000).toISOString().slice(0, 10), true)} ${format.time(at)}`;
  const hall = display.language === 'en' ? view.hallEn : view.hall;
  const facts: [string, string][] = [
    [t('receiptPaper.number'), request.maskedNumber],
    [t('receiptPaper.categories'), format.list(request.categories.map((name) => t(`categories.${name}`)))],
    [t('receiptPaper.period'), format.period(request.period, true)],
    [t('receiptPaper.purpose'), t(`purposes.${request.purpose}`)],
    [t('receiptPaper.rows'), t('receiptPaper.rowsOf', { rows: format.count(view.counts?.rows ?? 0) })],
    ...(view.expiresAt
      ? ([[t('receiptPaper.expires'), moment(Date.parse(view.expiresAt))]] satisfies [string, string][])
      : []),
    [t('receiptPaper.policy'), t('receiptPaper.policyOf', { version: view.policyVersion ?? '' })],
    [
      t('receiptPaper.place'),
      t('receiptPaper.placeOf', { hall, counter: view.counter, staffId: view.staffId ?? '' }),
    ],
    [t('receiptPaper.madeAt'), moment(madeAt)],
    [t('receiptPaper.consent'), view.consentId ?? ''],
  ];
  return (
    <dl className="receipt-paper-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
