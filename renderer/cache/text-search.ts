import type { ContentPage } from '../../shared/canonical/sealed-page.ts';
import type { ContentPages } from './content-pages.ts';

/** Marks the rows of one page (the first of them is row `start`) that hold a keyword. */
export type MarkHits = (page: ContentPage, hits: Uint8Array, start: number) => void;

/** A keyword as it is compared: UTF-16 units with A–Z as a–z. */
interface Needle {
  readonly units: Uint16Array<ArrayBuffer>;
  readonly text: string;
  /** Places of units that have no other case; one of them is jumped to by `indexOf`. None when all are ASCII letters. */
  readonly anchors: readonly number[];
}

/** A–Z become a–z; nothing else changes, so that lengths and offsets stay. */
function foldUnit(unit: number): number {
  return unit >= 65 && unit <= 90 ? unit + 32 : unit;
}

function foldText(text: string): string {
  return text.replace(/[A-Z]+/g, (run) => run.toLowerCase());
}

function needleOf(keyword: string): Needle {
  const text = foldText(keyword);
  const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const anchors = [...units.keys()].filter((i) => !/[a-z]/.test(text.charAt(i)));
  return { units, text, anchors };
}

/** Units of texts that tell which of a keyword's are rare. */
const SAMPLE_UNITS = 4_096;

/** The anchor whose unit is the rarest in some texts: each that is jumped to in vain costs more than many passed over. */
function rarest({ units, anchors }: Needle, texts: Uint16Array): number {
  const [first = -1, ...others] = anchors;
  if (others.length === 0) return first;
  const sample = texts.subarray(0, SAMPLE_UNITS);
  const counts = anchors.map((anchor) => countOf(sample, units[anchor] ?? 0));
  return anchors[counts.indexOf(Math.min(...counts))] ?? first;
}

function countOf(texts: Uint16Array, unit: number): number {
  let count = 0;
  for (let at = texts.indexOf(unit); at >= 0; at = texts.indexOf(unit, at + 1)) count++;
  return count;
}

/** First place at or after `from` where the units of the needle stand; -1 when nowhere. */
function find(haystack: Uint16Array, { units }: Needle, anchor: number, from: number): number {
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

/** What marks rows whose text or full counterpart holds a keyword. No string is made of a text. */
export function markerOf(keyword: string): MarkHits {
  const needle = needleOf(keyword);
  // Told by the first page that is searched: texts of one lookup are alike.
  let anchor: number | undefined;
  return (page, hits, start) => {
    anchor ??= rarest(needle, page.texts);
    markTexts(page, needle, anchor, hits, start);
    markPeers(page, needle, hits, start);
  };
}

function markTexts(
  { texts, textOffsets }: ContentPage,
  needle: Needle,
  anchor: number,
  hits: Uint8Array,
  start: number,
): void {
  let row = 0;
  let at = find(texts, needle, anchor, 0);
  while (at >= 0) {
    while ((textOffsets[row + 1] ?? 0) <= at) row++;
    const end = textOffsets[row + 1] ?? 0;
    if (at + needle.units.length <= end) {
      hits[start + row] = 1;
      at = find(texts, needle, anchor, end);
    } else {
      // Begins in one text and ends in the next: no hit.
      at = find(texts, needle, anchor, at + 1);
    }
  }
}

function markPeers(
  { peerText, peers, peerIndex }: ContentPage,
  { units, text, anchors }: Needle,
  hits: Uint8Array,
  start: number,
): void {
  const fold = anchors.length === units.length ? (peer: string) => peer : foldText;
  // One look at all of them together tells of most pages that there is none.
  if (!fold(peerText).includes(text)) return;
  const found = peers.map((peer) => fold(peer).includes(text));
  for (let i = 0; i < peerIndex.length; i++) if (found[peerIndex[i] ?? 0]) hits[start + i] = 1;
}

/**
 * Those of `candidates` (newest first) that hold the keyword. Only pages with a candidate are opened.
 * @param rows of the lookup.
 */
export async function searchTexts(
  pages: ContentPages,
  rows: number,
  candidates: Uint32Array<ArrayBuffer>,
  keyword: string,
): Promise<Uint32Array<ArrayBuffer>> {
  const mark = markerOf(keyword);
  const hits = new Uint8Array(rows);
  await pages.sweep(pagesWith(pages, candidates), (page, content) => {
    mark(content, hits, pages.layout.start(page));
  });
  const found = new Uint32Array(candidates.length);
  let count = 0;
  for (const index of candidates) if (hits[index] === 1) found[count++] = index;
  return found.slice(0, count);
}

/** Pages on which candidates lie, newest first. */
function pagesWith({ layout }: ContentPages, candidates: Uint32Array): number[] {
  const pages: number[] = [];
  let first = Number.POSITIVE_INFINITY;
  for (const index of candidates) {
    // Candidates come newest first: whatever is before the page found last lies on one not found yet.
    if (index >= first) continue;
    const page = layout.pageOf(index);
    first = layout.start(page);
    pages.push(page);
  }
  return pages;
}
