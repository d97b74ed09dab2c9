/**
 * The segments of a log: `audit.jsonl` is written; full ones are named by their first entry
 * (`audit-000000004711.jsonl`). A retired one leaves the hashes of its leaves (`.leaves`), so that the tree and
 * every later proof still hold. `segments.json` lists them.
 */
import { z } from 'zod';
import { fromUtf8 } from '../../shared/canonical/bytes.ts';
import { isAuthentic, macOf } from '../vault/authentic.ts';
import { AuditDamage } from './damage.ts';
import type { AuditFiles } from './files.ts';

export const CURRENT = 'audit.jsonl';
const MANIFEST = 'segments.json';
const CLOSED = /^audit-(\d{12})\.(jsonl|leaves)$/;

export interface Segment {
  readonly first: number;
  count: number;
  bytes: number;
  /** `at` of its last entry; undefined while it is empty. */
  newest: string | undefined;
  /** Where its entries lie; undefined once they are retired. */
  name: string | undefined;
}

const listedSchema = z.strictObject({
  first: z.number().int().min(0),
  count: z.number().int().min(1),
  bytes: z.number().int().min(0),
  newest: z.iso.datetime(),
  retired: z.boolean(),
});
const manifestSchema = z.strictObject({
  schema: z.literal('zhiqing-audit-segments/1'),
  /** The longest that was ever set: it is never shortened. */
  retentionMonths: z.number().int().min(1),
  segments: z.array(listedSchema),
});
export type SegmentManifest = z.infer<typeof manifestSchema>;

/** Name of a full segment, or of what a retired one leaves. */
export function segmentName(first: number, kind: 'jsonl' | 'leaves' = 'jsonl'): string {
  return `audit-${String(first).padStart(12, '0')}.${kind}`;
}

export interface Found {
  readonly first: number;
  readonly kind: 'jsonl' | 'leaves';
  readonly name: string;
}

/** Full and retired segments in order. Where both files are there (a crash while retiring), entries count. */
export async function findSegments(files: AuditFiles): Promise<Found[]> {
  const found = new Map<number, Found>();
  for (const name of await files.list()) {
    const [, digits, kind] = CLOSED.exec(name) ?? [];
    if (kind !== 'jsonl' && kind !== 'leaves') continue;
    const first = Number(digits);
    if (kind === 'jsonl' || !found.has(first)) found.set(first, { first, kind, name });
  }
  return [...found.values()].sort((a, b) => a.first - b.first);
}

const writtenSchema = manifestSchema.extend({ mac: z.string() });
const NAME = 'segments';

/** The manifest; undefined when it is missing or damaged: all it says follows from the files. */
export async function readManifest(files: AuditFiles, key: Buffer): Promise<SegmentManifest | undefined> {
  const bytes = await files.read(MANIFEST);
  if (!bytes) return undefined;
  try {
    const { mac, ...manifest } = writtenSchema.parse(JSON.parse(fromUtf8(bytes)));
    return isAuthentic(key, NAME, manifest, mac) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Lists full and retired segments. */
export function manifestOf(segments: readonly Segment[], retentionMonths: number): SegmentManifest {
  return {
    schema: 'zhiqing-audit-segments/1',
    retentionMonths,
    segments: segments.flatMap(({ first, count, bytes, newest, name }) =>
      newest === undefined || name === CURRENT
        ? []
        : [{ first, count, bytes, newest, retired: name === undefined }],
    ),
  };
}

export async function writeManifest(
  files: AuditFiles,
  key: Buffer,
  manifest: SegmentManifest,
): Promise<void> {
  const written = { ...manifest, mac: macOf(key, NAME, manifest) };
  await files.replace(MANIFEST, `${JSON.stringify(written, undefined, 1)}\n`);
}

/** @throws AuditDamage 'segment-missing' when a listed segment has no file. */
export function requireListed(manifest: SegmentManifest, found: readonly Found[]): void {
  for (const { first, retired } of manifest.segments) {
    // Retiring writes the hashes, then the manifest, then removes the entries: nothing else explains their absence.
    const there = found.some((one) => one.first === first && (retired || one.kind === 'jsonl'));
    if (!there) throw new AuditDamage('segment-missing', segmentName(first));
  }
}

/** The segment that holds an entry. */
export function segmentOf<T extends { first: number }>(segments: readonly T[], seq: number): T | undefined {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.first ?? Infinity) <= seq) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
}
