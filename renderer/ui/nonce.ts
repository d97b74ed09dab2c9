/** The nonce of this page, which the core puts into every page it serves. SECURITY: S15 */

/**
 * Reads the nonce from Vite's meta tag, or from the page's own script tag. The browser hides the attribute
 * from selectors and gives it to scripts as a property only. Empty where the page has none: then styles
 * made at run time are refused, which shows at once.
 */
export function pageNonce(doc: Document = document): string {
  const meta = doc.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  if (meta?.nonce) return meta.nonce;
  const script = doc.querySelector<HTMLScriptElement>('script[type="module"]');
  return script?.nonce ?? '';
}
