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
  return answersOf(
    pages,
    ({ bytes }) => ({ pages: 1, bytes }),
    () => true,
  );
}

/**
 * Pages, or blocks of pages, in the fewest answers, in the order given.
 * @param areNeighbours Whether a part may come in one answer with the one before it.
 */
export function answersOf<P>(
  parts: readonly P[],
  sizeOf: (part: P) => { pages: number; bytes: number },
  areNeighbours: (before: P, part: P) => boolean,
): P[][] {
  const answers: P[][] = [];
  let size = { pages: 0, bytes: 0 };
  for (const part of parts) {
    const { pages, bytes } = sizeOf(part);
    const answer = answers.at(-1);
    const before = answer?.at(-1);
    size = { pages: size.pages + pages, bytes: size.bytes + bytes };
    const fits = size.pages <= RUN_PAGES && size.bytes <= RUN_BYTES;
    if (answer !== undefined && before !== undefined && areNeighbours(before, part) && fits)
      answer.push(part);
    else {
      answers.push([part]);
      size = { pages, bytes };
    }
  }
  return answers;
}

/** Its numbers, ascending. */
export function pagesOf({ first, last }: PageRun): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
