/** The very bytes that will be saved, page by page. SECURITY: S9 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Busy } from '../frame/busy.tsx';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useReceipt } from '../receipt/use-receipt.ts';
import { FinishDialog } from '../records/finish-dialog.tsx';
import { useVisit } from '../visit/context.ts';
import { PdfPages } from './pdf-pages.tsx';
import { useReportPdf } from './use-report-pdf.ts';

export function PreviewScreen({ report }: { report: { reportId: string; pages: number } }) {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const [attempt, setAttempt] = useState(0);
  const [finishing, setFinishing] = useState(false);
  const state = useReportPdf(report.reportId, attempt);
  const receipt = useReceipt();
  const save = async () => {
    // The receipt goes with the report: it is laid out first, and then names the bytes that were looked at.
    if (await receipt.layOut()) await call('saveReport', {});
    else await call('openProof', {});
  };
  if (view.phase === 'serving.report.saving') {
    return <Busy title={t('report.saving')} body={t('report.savingBody')} />;
  }
  return (
    <Sheet
      title={t('report.previewTitle')}
      lead={t('report.pages', { pages: report.pages })}
      width="wide"
      fill
      aside={
        <>
          <Button busy={busy} onPress={() => void call('back', {})}>
            {t('report.change')}
          </Button>
          <Button onPress={() => setFinishing(true)}>{t('report.finish')}</Button>
        </>
      }
      action={
        <Button
          kind="primary"
          busy={busy || receipt.preparing || state.is === 'opening'}
          onPress={() => void save()}
        >
          {t(receipt.preparing ? 'receipt.makingBody' : 'report.save')}
        </Button>
      }
    >
      {view.error ? <Trouble error={view.error} /> : null}
      {state.is === 'open' ? <PdfPages pdf={state.pdf} /> : null}
      {state.is === 'opening' ? <div className="pdf" aria-busy="true" /> : null}
      {state.is === 'failed' ? (
        <div className="stack">
          <p>{t('report.previewFailed')}</p>
          <Trouble error={state.error}>
            <Button onPress={() => setAttempt(attempt + 1)}>{t('report.previewAgain')}</Button>
          </Trouble>
        </div>
      ) : null}
      {finishing ? <FinishDialog onClose={() => setFinishing(false)} /> : null}
    </Sheet>
  );
}
