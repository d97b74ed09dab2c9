/** Bodies that nobody could sign or store are told so, instead of failing where they are. */

import { Failure } from '../../shared/domain/errors.ts';
import { isWholeText } from '../../shared/domain/free-text.ts';

/**
 * For what the schemas leave free. A last word: the same bytes would fail again and again.
 * @throws Failure 'bad-input'
 */
export function requireWholeTexts(body: unknown): void {
  if (!hasWholeTexts(body)) throw new Failure('bad-input', { detail: 'body: not whole characters' });
}

function hasWholeTexts(value: unknown): boolean {
  if (typeof value === 'string') return isWholeText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => isWholeText(key) && hasWholeTexts(member));
}
