import type { ContentPage } from '../../shared/canonical/sealed-page.ts';
import type { ContentPages } from './content-pages.ts';

/** A keyword as it is compared: UTF-16 units with A–Z as a–z. */
export interface Needle {
  readonly units: Uint16Array<ArrayBuffer>;
  readonly text: string;
  /** Place of a unit that has no other case, to jump to by `indexOf`; -1 when all are ASCII letters. */
  readonly anchor: number;
}

/** A–Z become a–z; nothing else changes, so that lengths and offsets stay. */
function foldUnit(unit: number): number {
  return unit >= 65 && unit <= 90 ? unit + 32 : unit;
}

function foldText(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

export function needleOf(keyword: string): Needle {
  const text = foldText(keyword);
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return { units, text, anchor: units.findIndex((unit) => unit < 97 || unit > 122) };
}

/** First place at or after `from` where the units of the needle stand; -1 when nowhere. */
function find(haystack: Uint16Array, { units, anchor }: Needle, from: number): number {
  const last = haystack.length - units.length;
  if (anchor >= 0) {
    const unit = units[anchor] ?? 0;
    let hit = haystack.indexOf(unit, from + anchor);
    while (hit >= 0 && hit - anchor <= last) {
      if (standsAt(haystack, units, hit - anchor)) return hit - anchor;
      hit = haystack.indexOf(unit, hit + 1);
    }
    return -1;
  }
  const first = units[0] ?? 0;
  for (let at = from; at <= last; at++) {
    if (foldUnit(haystack[at] ?? 0) === first && standsAt(haystack, units, at)) return at;
  }
  return -1;
}

function standsAt(haystack: Uint16Array, units: Uint16Array, at: number): boolean {
  for (let i = 0; i < units.length; i++) {
    if (foldUnit(haystack[at + i] ?? 0) !== units[i]) return false;
  }
  return true;
}

/** Marks the rows of one page whose text or full counterpart holds the needle. No string is made of a text. */
export function markHits(page: ContentPage, needle: Needle, hits: Uint8Array, start: number): void {
  const { texts, textOffsets, peers, peerIndex } = page;
  let row = 0;
  let at = find(texts, needle, 0);
  while (at >= 0) {
    while ((textOffsets[row + 1] ?? 0) <= at) row++;
    const end = textOffsets[row + 1] ?? 0;
    if (at + needle.units.length <= end) {
      hits[start + row] = 1;
      at = find(texts, needle, end);
    } else {
      // Begins in one text and ends in the next: no hit.
      at = find(texts, needle, at + 1);
    }
  }
  const peerHits = peers.map((peer) => foldText(peer).includes(needle.text));
  if (!peerHits.includes(true)) return;
  for (const [i, peer] of peerIndex.entries()) if (peerHits[peer]) hits[start + i] = 1;
}

/**
 * Those of `candidates` (any order, kept) that hold the keyword. Only pages with a candidate are opened.
 * @param rows of the lookup.
 */
export async function searchTexts(
  pages: ContentPages,
  rows: number,
  candidates: Uint32Array<ArrayBuffer>,
  keyword: string,
): Promise<Uint32Array<ArrayBuffer>> {
  const needle = needleOf(keyword);
  const asked = new Set<number>();
  // Newest pages first, as the candidates come.
  for (const index of candidates) asked.add(pages.layout.pageOf(index));
  const hits = new Uint8Array(rows);
  await pages.sweep([...asked], (page, content) => {
    markHits(content, needle, hits, pages.layout.start(page));
  });
  return candidates.filter((index) => hits[index] === 1);
}
