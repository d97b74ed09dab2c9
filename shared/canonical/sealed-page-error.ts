/** Why a page could not be made, read or opened. The message never carries content. // SECURITY: S12 */
export class SealedPageError extends Error {
  /**
   * `malformed`: the bytes are no page of this format. `unsupported-version`: a format newer than this code.
   * `cannot-open`: the key, binding, layer, page number or a bit of the page is not what was sealed.
   * `invalid-row`: a row that the format cannot carry. `invalid-input`: a key, hash or number out of its range.
   */
  readonly kind: 'malformed' | 'unsupported-version' | 'cannot-open' | 'invalid-row' | 'invalid-input';
  constructor(kind: SealedPageError['kind'], detail: string) {
    super(`sealed page: ${kind}: ${detail}`);
    this.name = 'SealedPageError';
    this.kind = kind;
  }
}
