/** Runs of sealed pages, as they stand in addresses: `3`, or `3-10`. */

/** Pages with consecutive numbers, both ends included. */
export interface PageRun {
  readonly first: number;
  readonly last: number;
}

/** Pages of one answer at the most. */
export const RUN_PAGES = 128;
/** Bytes of one answer, where it is of more pages than one: whoever needs one of them waits for all. */
export const RUN_BYTES = 512 * 1024;

/** A page number has at most seven digits and no leading zero. */
const pattern = /^(0|[1-9]\d{0,6})(?:-(0|[1-9]\d{0,6}))?$/;

/** `undefined` for anything but one to `RUN_PAGES` pages. */
export function parsePageRun(text: string): PageRun | undefined {
  const [, first, last = first] = pattern.exec(text) ?? [];
  if (first === undefined) return undefined;
  const run = { first: Number(first), last: Number(last) };
  return run.last >= run.first && run.last - run.first < RUN_PAGES ? run : undefined;
}

export function pageRunText({ first, last }: PageRun): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** Consecutive pages in the fewest answers, in order. */
export function runsOf<P extends { readonly bytes: number }>(pages: readonly P[]): P[][] {
  const runs: P[][] = [];
  let bytes = 0;
  for (const page of pages) {
    const run = runs.at(-1);
    bytes += page.bytes;
    if (run !== undefined && run.length < RUN_PAGES && bytes <= RUN_BYTES) run.push(page);
    else {
      runs.push([page]);
      bytes = page.bytes;
    }
  }
  return runs;
}

/** Its numbers, ascending. */
export function pagesOf({ first, last }: PageRun): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
