/** The saved or unsaved report, opened for looking at. */
import { useEffect, useRef, useState } from 'react';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import { useMemory } from '../visit/memory.ts';
import { fetchReport, type OpenPdf, openPdf } from './pdf.ts';

export type ReportPdf =
  | { is: 'opening' }
  | { is: 'open'; pdf: OpenPdf['pdf'] }
  | { is: 'failed'; error: AppError };

/** Opens a report; `attempt` tries anew. Leaving the screen closes it. */
export function useReportPdf(reportId: string, attempt: number): ReportPdf {
  const { remember } = useMemory();
  const keep = useRef(remember);
  keep.current = remember;
  const [state, setState] = useState<ReportPdf>({ is: 'opening' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens the same report again.
  useEffect(() => {
    const leaving = new AbortController();
    let opened: OpenPdf | undefined;
    setState({ is: 'opening' });
    const open = async () => {
      const { bytes, sha256 } = await fetchReport(reportId, leaving.signal);
      if (leaving.signal.aborted) return;
      keep.current({ reportHash: { reportId, sha256 } });
      opened = await openPdf(bytes);
      if (leaving.signal.aborted) await opened.close();
      else setState({ is: 'open', pdf: opened.pdf });
    };
    open().catch((thrown: unknown) => {
      if (!leaving.signal.aborted) setState({ is: 'failed', error: toAppError(thrown) });
    });
    return () => {
      leaving.abort();
      void opened?.close();
    };
  }, [reportId, attempt]);
  return state;
}
