/** Pages of a PDF; only those near the view are drawn. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toAppError } from '../../../shared/domain/errors.ts';
import { drawPage } from './pdf.ts';

/** Height of an A4 page over its width, and the space between two, CSS pixels. */
const A4 = 297 / 210;
const GAP = 24;
const WIDEST = 1_000;

export function PdfPages({ pdf }: { pdf: PDFDocumentProxy }) {
  const { t } = useTranslation('customer');
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(Math.min(WIDEST, element.clientWidth - 2 * GAP));
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    measure();
    return () => watcher.disconnect();
  }, []);
  const height = Math.round(width * A4);
  const virtualizer = useVirtualizer({
    count: width > 0 ? pdf.numPages : 0,
    getScrollElement: () => box.current,
    estimateSize: () => height + GAP,
    overscan: 1,
  });
  useEffect(() => {
    if (height > 0) virtualizer.measure();
  }, [virtualizer, height]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: pages are scrolled by keyboard too (WCAG 2.1.1).
    <section className="pdf" ref={box} aria-label={t('report.pagesList')} tabIndex={0}>
      <div className="pdf-pages" style={{ blockSize: virtualizer.getTotalSize(), inlineSize: width }}>
        {virtualizer.getVirtualItems().map((item) => (
          <div
            key={item.key}
            className="pdf-page"
            style={{ transform: `translateY(${item.start}px)`, blockSize: height, inlineSize: width }}
          >
            <PdfPage pdf={pdf} number={item.index + 1} width={width} />
          </div>
        ))}
      </div>
    </section>
  );
}

function PdfPage({ pdf, number, width }: { pdf: PDFDocumentProxy; number: number; width: number }) {
  const { t } = useTranslation('customer');
  const canvas = useRef<HTMLCanvasElement>(null);
  const [code, setCode] = useState<string>();
  useEffect(() => {
    if (!canvas.current) return;
    return drawPage(pdf, number, canvas.current, width, (thrown) => setCode(toAppError(thrown).code));
  }, [pdf, number, width]);
  return (
    <>
      <canvas ref={canvas} role="img" aria-label={t('report.page', { page: number })} />
      {code ? (
        <p role="alert">{`${t('report.previewFailed')} ${t('failedCall.codeForStaff', { code })}`}</p>
      ) : null}
    </>
  );
}
