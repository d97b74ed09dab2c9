/** The report's bytes as the core made them, their hash, and their pages drawn by PDF.js. */
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist';
import { Failure } from '../../../shared/domain/errors.ts';

// SECURITY: S15 the worker is a file of our own bundle.
GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.mjs', import.meta.url).href;

export interface ReportBytes {
  bytes: Uint8Array<ArrayBuffer>;
  /** Hex. */
  sha256: string;
}

/** Fetches the report from the core. Throws a Failure of kind 'report-failed'. */
export async function fetchReport(reportId: string, signal: AbortSignal): Promise<ReportBytes> {
  const response = await fetch(`/report/${encodeURIComponent(reportId)}.pdf`, { signal, cache: 'no-store' });
  if (!response.ok) throw new Failure('report-failed', { detail: `status ${response.status}` });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { bytes, sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** An opened document; `close` ends its worker and forgets its pages. */
export interface OpenPdf {
  pdf: PDFDocumentProxy;
  close: () => Promise<void>;
}

/** Opens the bytes. They are copied: PDF.js hands its own to the worker. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf> {
  const task = getDocument({
    data: bytes.slice(),
    // SECURITY: S15 nothing is compiled or fetched: Chromium's PDFs carry their fonts.
    isEvalSupported: false,
    useWasm: false,
    useWorkerFetch: false,
    stopAtErrors: true,
    // SECURITY: S12 nothing about a document goes to the console.
    verbosity: 0,
  });
  return { pdf: await task.promise, close: () => task.destroy() };
}

/** Draws a page at a width in CSS pixels. The answer cancels the drawing. */
export function drawPage(
  pdf: PDFDocumentProxy,
  number: number,
  canvas: HTMLCanvasElement,
  width: number,
  onError: (thrown: unknown) => void,
): () => void {
  canvas.setAttribute('aria-busy', 'true');
  let cancelled = false;
  let cancel: (() => void) | undefined;
  const draw = async () => {
    const page = await pdf.getPage(number);
    if (cancelled) return;
    const ratio = Math.min(2, Math.max(1, window.devicePixelRatio));
    const scale = (width * ratio) / page.getViewport({ scale: 1 }).width;
    const viewport = page.getViewport({ scale });
    canvas.width = Math.round(viewport.width);
    canvas.height = Math.round(viewport.height);
    const task = page.render({ canvas, viewport });
    cancel = () => task.cancel();
    await task.promise;
    canvas.removeAttribute('aria-busy');
  };
  draw().catch((thrown: unknown) => {
    if (!cancelled) onError(thrown);
  });
  return () => {
    cancelled = true;
    cancel?.();
    // SECURITY: S11 what was drawn leaves memory with the page.
    canvas.width = 0;
    canvas.height = 0;
  };
}
