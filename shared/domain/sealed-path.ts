/** Where a window asks for sealed pages: `/sealed/{lookupId}/metadata/0-3`, or both layers at once, as `…/metadata/0-3/content/2-3`. */
import { type LayerName, layerSchema } from './lookup.ts';
import { type PageRun, pageRunText, parsePageRun } from './page-run.ts';

/** Pages of one layer with consecutive numbers. */
export interface LayerRun extends PageRun {
  readonly layer: LayerName;
}

export interface SealedPages {
  readonly lookupId: string;
  /** Of one layer, or one of each: answered one behind the other. */
  readonly runs: readonly LayerRun[];
}

const pattern = /^\/sealed\/([0-9a-f-]{36})\/([a-z]+)\/([0-9-]+)(?:\/([a-z]+)\/([0-9-]+))?$/;

export function sealedPath({ lookupId, runs }: SealedPages): string {
  return `/sealed/${lookupId}/${runs.map((run) => `${run.layer}/${pageRunText(run)}`).join('/')}`;
}

/** `undefined` for any other path. */
export function parseSealedPath(path: string): SealedPages | undefined {
  const [, lookupId, layer, pages, otherLayer, otherPages] = pattern.exec(path) ?? [];
  if (lookupId === undefined) return undefined;
  const one = layerRun(layer, pages);
  if (one === undefined || otherLayer === undefined) return one && { lookupId, runs: [one] };
  const other = layerRun(otherLayer, otherPages);
  return other && other.layer !== one.layer ? { lookupId, runs: [one, other] } : undefined;
}

function layerRun(name: string | undefined, pages = ''): LayerRun | undefined {
  const layer = layerSchema.safeParse(name);
  const run = parsePageRun(pages);
  return layer.success && run ? { layer: layer.data, ...run } : undefined;
}
