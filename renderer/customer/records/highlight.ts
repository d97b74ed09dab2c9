/** Where a text holds what was searched for. */

/** A run of text; `hit` when it is what was looked for. */
export interface Run {
  text: string;
  hit: boolean;
}

/** ASCII letters alone are folded, as the store's search does: lengths and positions stay the same. */
const fold = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Cuts a text into runs. Joined again they are the text. */
export function highlight(text: string, wanted: string): Run[] {
  if (wanted === '') return [{ text, hit: false }];
  const haystack = fold(text);
  const needle = fold(wanted);
  const runs: Run[] = [];
  let from = 0;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, from)) {
    if (at > from) runs.push({ text: text.slice(from, at), hit: false });
    runs.push({ text: text.slice(at, at + needle.length), hit: true });
    from = at + needle.length;
  }
  if (from < text.length || runs.length === 0) runs.push({ text: text.slice(from), hit: false });
  return runs;
}

/** The part of a long text that is worth a line or two: from a little before the first hit. */
export function excerpt(text: string, wanted: string, before = 12): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (wanted === '') return flat;
  const at = fold(flat).indexOf(fold(wanted));
  return at > before * 3 ? `…${flat.slice(at - before)}` : flat;
}
