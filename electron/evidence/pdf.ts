/** What the core needs to know of a PDF it has had printed. */

/**
 * Pages of a PDF as Chromium (Skia) writes it: one uncompressed `/Type /Page` object a page. 0 when the bytes
 * are no PDF or none is found.
 */
export function pdfPages(pdf: Uint8Array): number {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1');
  if (!text.startsWith('%PDF-')) return 0;
  return text.match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (char) => escapes[char] ?? '');

export interface FooterFacts {
  language: 'zh-CN' | 'en';
  consentId: string;
  policyVersion: number;
  /** Epoch ms. */
  at: number;
}

/** Footer of every page: which consent, which notice, when, which page of how many. SECURITY: S12 no name, no text. */
export function footerTemplate({ language, consentId, policyVersion, at }: FooterFacts): string {
  const time = `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')} UTC+8`;
  const page = '<span class="pageNumber"></span>';
  const pages = '<span class="totalPages"></span>';
  const words =
    language === 'zh-CN'
      ? [`同意编号 ${consentId}`, `告知书第 ${policyVersion} 版`, time, `第 ${page} 页,共 ${pages} 页`]
      : [`Consent ${consentId}`, `Notice version ${policyVersion}`, time, `Page ${page} of ${pages}`];
  const cells = words.map((word) => (word.includes('<span') ? word : escapeHtml(word)));
  return `<div style="font-size:7px;width:100%;padding:0 12mm;display:flex;justify-content:space-between;color:#333">${cells.map((cell) => `<span>${cell}</span>`).join('')}</div>`;
}
