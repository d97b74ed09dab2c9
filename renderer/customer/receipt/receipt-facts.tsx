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
  const facts: { name: string; value: string; wide?: boolean }[] = [
    { name: t('receiptPaper.number'), value: request.maskedNumber },
    {
      name: t('receiptPaper.categories'),
      value: format.list(request.categories.map((name) => t(`categories.${name}`))),
    },
    { name: t('receiptPaper.period'), value: format.period(request.period, true), wide: true },
    { name: t('receiptPaper.purpose'), value: t(`purposes.${request.purpose}`), wide: true },
    {
      name: t('receiptPaper.rows'),
      value: t('receiptPaper.rowsOf', { rows: format.count(view.counts?.rows ?? 0) }),
    },
    {
      name: t('receiptPaper.policy'),
      value: t('receiptPaper.policyOf', { version: view.policyVersion ?? '' }),
    },
    ...(view.expiresAt
      ? [{ name: t('receiptPaper.expires'), value: moment(Date.parse(view.expiresAt)), wide: true }]
      : []),
    ...(view.heldUntil
      ? [{ name: t('kept.receiptUntil'), value: moment(Date.parse(view.heldUntil)), wide: true }]
      : []),
    { name: t('receiptPaper.madeAt'), value: moment(madeAt), wide: true },
    {
      name: t('receiptPaper.place'),
      value: t('receiptPaper.placeOf', { hall, counter: view.counter, staffId: view.staffId ?? '' }),
      wide: true,
    },
    { name: t('receiptPaper.consent'), value: view.consentId ?? '', wide: true },
  ];
  return (
    <dl className="receipt-paper-facts">
      {facts.map(({ name, value, wide }) => (
        <div key={name} data-wide={wide}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
