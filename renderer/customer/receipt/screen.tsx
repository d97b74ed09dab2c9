/** What the customer takes along: a code for their phone that names the consent and the report. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { fetchReport } from '../report/pdf.ts';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';
import { qrPath, receiptText } from './qr.ts';

/** SHA-256 of the report: as previewed, or read again; `null` where it can't be read. */
function useReportHash(): string | null | undefined {
  const { view } = useVisit();
  const { memory } = useMemory();
  const reportId = view.report?.reportId;
  const known = memory.reportHash?.reportId === reportId ? memory.reportHash?.sha256 : undefined;
  const [read, setRead] = useState<string | null>();
  useEffect(() => {
    if (known || !reportId) return;
    const leaving = new AbortController();
    fetchReport(reportId, leaving.signal).then(
      ({ sha256 }) => setRead(sha256),
      // Said on the page: the receipt then carries the consent alone.
      () => setRead(null),
    );
    return () => leaving.abort();
  }, [known, reportId]);
  return known ?? (reportId ? read : null);
}

export function ReceiptScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const format = useFormat();
  const hash = useReportHash();
  const consentId = view.consentId ?? '';
  const facts: [string, string][] = [
    ...(view.request
      ? ([
          [t('receipt.number'), view.request.maskedNumber],
          [t('receipt.period'), format.period(view.request.period, true)],
        ] satisfies [string, string][])
      : []),
    [t('receipt.consent'), consentId],
    ...(hash ? [[t('receipt.hash'), hash] satisfies [string, string]] : []),
  ];
  return (
    <Sheet
      title={t('receipt.title')}
      lead={t('receipt.body')}
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
          {hash === undefined ? null : (
            <Code text={receiptText(consentId, hash ?? undefined)} label={t('receipt.qr')} />
          )}
        </div>
        <div className="stack">
          {view.savedAs ? <p className="statement">{t('receipt.savedAs', { name: view.savedAs })}</p> : null}
          <dl className="facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {hash === null ? <p>{t('receipt.noHash')}</p> : null}
        </div>
      </div>
    </Sheet>
  );
}

function Code({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => qrPath(text), [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path className="receipt-ground" d={`M0 0h${size}v${size}H0z`} />
      <path className="receipt-modules" d={path} />
    </svg>
  );
}
