/** Display masking (GB/T 35273-2020 annex, GB/T 42574-2023): what staff may see of a number or a name. */

/**
 * A number with its middle hidden: `139****0001` for a mobile, `106****55` for other long numbers,
 * `95***` for short codes. Letters and signs of alphanumeric senders are treated alike.
 */
export function maskNumber(number: string): string {
  const chars = [...number];
  if (chars.length >= 11) return `${chars.slice(0, 3).join('')}****${chars.slice(-4).join('')}`;
  if (chars.length >= 7) return `${chars.slice(0, 3).join('')}****${chars.slice(-2).join('')}`;
  return `${chars.slice(0, Math.min(2, Math.max(0, chars.length - 2))).join('')}***`;
}

/** How a name is written on a report or a list. */
export type NameStyle = 'masked' | 'full' | 'hidden';

/** `张*`, `欧阳**`→`欧***`: the first character stays, each other becomes a star; `hidden` is an em dash. */
export function maskName(name: string, style: NameStyle = 'masked'): string {
  if (style === 'full') return name;
  if (style === 'hidden') return '—';
  const chars = [...name];
  return chars.length === 0 ? '—' : `${chars[0]}${'*'.repeat(Math.max(1, chars.length - 1))}`;
}

/**
 * Free text that a clerk typed, with every run of seven or more digits (spaces, dashes and a final X
 * allowed, full-width digits too) masked: numbers, cards and identity numbers do not slip into lists.
 */
export function redactDigits(text: string): string {
  return text.replace(/[0-9０-９](?:[ \-‐–]?[0-9０-９]){6,}[xXＸ]?/gu, (run) => {
    const digits = run.replace(/[ \-‐–]/g, '');
    return maskNumber(digits);
  });
}
