/** What a ready phrase does to what the clerk has typed. */

/** Characters of a follow-up at the most. */
export const LONGEST = 500;

/** Whether a line of the text is exactly this. */
export function holdsLine(text: string, line: string): boolean {
  return text.split('\n').includes(line);
}

/**
 * The text with a phrase in it once, in a line of its own unless it stands there already. What was typed stays.
 * @param contradicted a line that goes when the phrase comes
 */
export function withPhrase(text: string, phrase: string, contradicted?: string): string {
  const lines = text.split('\n').filter((line) => line !== contradicted);
  const kept = lines.join('\n').trimEnd();
  if (kept.includes(phrase)) return kept;
  return (kept === '' ? phrase : `${kept}\n${phrase}`).slice(0, LONGEST);
}
