/** What the customer takes along: the code that withdraws, and a code for their phone that proves it all. */
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/domain/errors.ts';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useKept } from '../kept/use-kept.ts';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';
import { QrCode } from './qr-code.tsx';
import { useReceipt } from './use-receipt.ts';

/** A page without its code is not worth a picture yet. */
function leadOf(isWithoutCode: boolean, hasReport: boolean) {
  if (isWithoutCode) return 'receipt.bodyWithoutCode';
  return hasReport ? 'receipt.bodyReport' : 'receipt.body';
}

export function ReceiptScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const { memory } = useMemory();
  const format = useFormat();
  const kept = useKept();
  const { proof, reportHash } = memory;
  const { openProof } = useReceipt();
  const [error, setError] = useState<AppError>();
  const open = useCallback(async () => {
    setError(undefined);
    const result = await openProof();
    if (!result.ok) setError(result.error);
  }, [openProof]);
  // A window that was started anew has forgotten it.
  useEffect(() => {
    if (!proof) void open();
  }, [proof, open]);
  const hash = view.report && reportHash?.reportId === view.report.reportId ? reportHash.sha256 : undefined;
  const facts: [string, string][] = [
    ...(view.request
      ? ([
          [t('receipt.number'), view.request.maskedNumber],
          [t('receipt.period'), format.period(view.request.period, true)],
        ] satisfies [string, string][])
      : []),
    ...(kept ? [[t('kept.receiptUntil'), kept.until] satisfies [string, string]] : []),
    [t('receipt.consent'), view.consentId ?? ''],
    ...(hash ? [[t('receipt.hash'), hash] satisfies [string, string]] : []),
  ];
  return (
    <Sheet
      title={t('receipt.title')}
      lead={t(leadOf(error !== undefined, view.report !== undefined))}
      width="wide"
      aside={
        <Button busy={busy} onPress={() => void call('back', {})}>
          {t('receipt.back')}
        </Button>
      }
      action={
        <Button kind="primary" busy={busy} onPress={() => void call('finish', {})}>
          {t('receipt.finish')}
        </Button>
      }
    >
      <div className="receipt">
        <div className="receipt-code">
          {proof ? <QrCode text={proof.qr} label={t('receipt.qr')} /> : null}
          {proof || error ? null : <p role="status">{t('receipt.making')}</p>}
        </div>
        <div className="stack">
          {error ? (
            <Trouble error={error}>
              <Button onPress={() => void open()}>{t('failure.retry')}</Button>
            </Trouble>
          ) : null}
          {proof ? (
            <div className="receipt-withdrawal">
              <h2>{t('receipt.code')}</h2>
              <p className="receipt-withdrawal-code">{proof.withdrawalCode}</p>
              <p>{t('receipt.codeHow', { contact: view.operator?.contact ?? '' })}</p>
              <p>{t('receipt.codeKeep')}</p>
            </div>
          ) : null}
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {view.savedAs ? <p>{t('receipt.savedAs', { name: view.savedAs })}</p> : null}
        </div>
      </div>
    </Sheet>
  );
}
