/** Electron's options of `printToPDF` as Chromium's. */
import type { PrintToPDFOptions } from 'electron';
import type { Params } from './cdp.ts';
import { NotImplemented } from './strict.ts';

/** Inches. */
const PAPER: Record<string, readonly [number, number]> = {
  A0: [33.11, 46.81],
  A1: [23.39, 33.11],
  A2: [16.54, 23.39],
  A3: [11.69, 16.54],
  A4: [8.27, 11.69],
  A5: [5.83, 8.27],
  A6: [4.13, 5.83],
  Legal: [8.5, 14],
  Letter: [8.5, 11],
  Tabloid: [11, 17],
  Ledger: [17, 11],
};

/** Throws by name on an option that Electron does not document. */
export function pdfParameters(options: PrintToPDFOptions): Params<'Page.printToPDF'> {
  const known = new Set([
    'pageSize',
    'printBackground',
    'landscape',
    'displayHeaderFooter',
    'headerTemplate',
    'footerTemplate',
    'scale',
    'preferCSSPageSize',
    'margins',
    'pageRanges',
    'generateTaggedPDF',
    'generateDocumentOutline',
  ]);
  for (const name of Object.keys(options))
    if (!known.has(name)) throw new NotImplemented(`printToPDF.${name}`);
  const { pageSize = 'Letter', margins, pageRanges = '', ...same } = options;
  const named = typeof pageSize === 'string' ? PAPER[pageSize] : ([pageSize.width, pageSize.height] as const);
  if (!named) throw new TypeError(`Invalid pageSize: ${String(pageSize)}`);
  const inch = (value: number | undefined): number => value ?? 0.4;
  return {
    ...same,
    pageRanges,
    paperWidth: named[0],
    paperHeight: named[1],
    marginTop: inch(margins?.top),
    marginBottom: inch(margins?.bottom),
    marginLeft: inch(margins?.left),
    marginRight: inch(margins?.right),
  };
}
