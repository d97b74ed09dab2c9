/** Runs of sealed pages, as they stand in addresses: `3`, or `3-10`. */

/** Pages with consecutive numbers, both ends included. */
export interface PageRun {
  readonly first: number;
  readonly last: number;
}

/** Pages of one answer at the most: some hundred kilobytes. */
export const RUN_PAGES = 16;

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

/** Its numbers, ascending. */
export function pagesOf({ first, last }: PageRun): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
