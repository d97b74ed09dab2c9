/** Text that people type and that travels. */
import { z } from 'zod';

/**
 * Whether a text can be signed and stored: no half of a character (RFC 8785 refuses lone surrogates) and no U+0000
 * (PostgreSQL's JSON has none).
 */
export function isWholeText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** A text that can be signed and stored. */
export const wholeTextSchema = z.string().refine(isWholeText, 'whole characters');

/** The text that can be signed and stored of what was typed: at most `max` UTF-16 units, cut between characters. */
export function wholeTextOf(typed: string, max: number): string {
  const text = typed.toWellFormed().replaceAll('\0', '\ufffd');
  const cut = text.slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
