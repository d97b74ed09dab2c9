/** The report: choose, lay out for paper, look at the very bytes, save. */
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import { Busy } from '../frame/busy.tsx';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useReceipt } from '../receipt/use-receipt.ts';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';
import { useRecords } from '../visit/use-records.ts';
import { ReportOptions } from './options.tsx';
import { Paper } from './paper.tsx';
import { PreviewScreen } from './preview-screen.tsx';

export function ReportScreen() {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  if (view.phase === 'serving.report.preview' || view.phase === 'serving.report.saving') {
    return view.report ? <PreviewScreen report={view.report} /> : <Busy title={t('report.making')} body="" />;
  }
  return <Compose />;
}

/** Where the layout for paper is: not begun, being built (rows done), or handed to the core. The paper stays until the core has printed it. */
type Laying = { is: 'no' } | { is: 'building'; done: number } | { is: 'made'; printing: boolean };

function Compose() {
  const { t } = useTranslation('customer');
  const { view, api, records, call, busy } = useVisit();
  const { memory, remember } = useMemory();
  const state = useRecords();
  const [laying, setLaying] = useState<Laying>({ is: 'no' });
  const [error, setError] = useState<AppError>();
  // Printing began, and the choices are asked for again: the core could not print. `view.error` says why.
  if (laying.is === 'made') {
    const printing = view.phase === 'serving.report.making';
    if (printing && !laying.printing) setLaying({ is: 'made', printing });
    if (!printing && laying.printing) setLaying({ is: 'no' });
  }

  const receipt = useReceipt();
  const make = async () => {
    setError(undefined);
    // One paper at a time.
    remember({ receiptPaper: false });
    const proof = await receipt.openProof();
    if (proof.ok) setLaying({ is: 'building', done: 0 });
    else setError(proof.error);
  };
  const laidOut = async () => {
    // What is printed is complete: fonts are there before the core prints.
    await document.fonts.ready;
    setLaying({ is: 'made', printing: false });
    const result = await api.call('makeReport', memory.report);
    if (!result.ok) {
      setError(result.error);
      setLaying({ is: 'no' });
    }
  };

  if (laying.is !== 'no' && state.is === 'open' && memory.proof) {
    const total = view.counts?.rows ?? 0;
    return (
      <>
        <Busy
          title={t('report.making')}
          body={
            laying.is === 'building' && total > 0
              ? t('report.layingOut', { done: laying.done, total })
              : t('report.makingBody')
          }
        />
        {createPortal(
          <Paper
            store={state.store}
            rows={total}
            options={memory.report}
            proof={memory.proof}
            onProgress={(done) => setLaying({ is: 'building', done })}
            onDone={() => void laidOut()}
            onError={(thrown) => {
              setError(toAppError(thrown));
              setLaying({ is: 'no' });
            }}
          />,
          document.body,
        )}
      </>
    );
  }
  const trouble = error ?? view.error ?? (state.is === 'failed' ? state.error : undefined);
  return (
    <Sheet
      title={t('report.title')}
      lead={t('report.body')}
      aside={
        <>
          <Button busy={busy} onPress={() => void call('back', {})}>
            {t('report.back')}
          </Button>
          <Button busy={busy || receipt.preparing} onPress={() => void receipt.take()}>
            {t('report.receiptOnly')}
          </Button>
        </>
      }
      action={
        <Button
          kind="primary"
          busy={busy || receipt.preparing || state.is === 'opening'}
          onPress={() => void (state.is === 'failed' ? records.open() : make())}
        >
          {t(receipt.preparing ? 'receipt.makingBody' : 'report.make')}
        </Button>
      }
    >
      <ReportOptions />
      {trouble ? <Trouble error={trouble} /> : null}
    </Sheet>
  );
}
