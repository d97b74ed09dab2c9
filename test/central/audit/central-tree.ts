/** Central's own tree as it lies in the database: proofs read the few subtrees that they are made of. */
import { type Kysely, sql } from 'kysely';
import { type Bytes, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import type { TreeHead } from '../../../shared/canonical/checkpoint.ts';
import { verifyConsistency, verifyInclusion } from '../../../shared/canonical/merkle.ts';
import {
  consistencyRanges,
  inclusionRanges,
  perfectNodes,
  rangeHash,
  type TreeNode,
} from '../../../shared/canonical/tree-ranges.ts';
import type { Tables } from '../database/tables.ts';
import { Frontier } from './frontier.ts';

/** The database holds another log than the one that was signed. */
export class CentralLogError extends Error {
  constructor(what: string) {
    super(`central's own log is not the one that was signed: ${what}`);
    this.name = 'CentralLogError';
  }
}

/** The right edge of the tree over the first `size` leaves. @throws CentralLogError */
export async function readFrontier(db: Kysely<Tables>, size: number): Promise<Frontier> {
  const nodes = perfectNodes({ start: 0, end: size });
  const hashOf = await readNodes(db, nodes);
  return Frontier.of(nodes.map(hashOf), size);
}

export interface TreeProofs {
  readonly inclusion: Bytes[];
  readonly consistency: Bytes[];
}

/**
 * Proofs that a leaf is in the tree of a signed head, and that this continues the tree of `seen` leaves. They are
 * checked: what was altered in the database since is not vouched for, and no counter is told that central rewrote.
 * @throws CentralLogError
 */
export async function readProofs(
  db: Kysely<Tables>,
  head: TreeHead,
  { leaf, index, seen }: { leaf: Bytes; index: number; seen: number },
): Promise<TreeProofs> {
  const { size, root } = head;
  const included = inclusionRanges(index, size);
  // A counter that has seen more than there is gets no proof, and draws its conclusion.
  const continues = seen > 0 && seen <= size;
  const continued = continues ? consistencyRanges(seen, size) : [];
  const old = { start: 0, end: continues ? seen : 0 };
  const hashOf = await readNodes(db, [...included, ...continued, old].flatMap(perfectNodes));
  const inclusion = included.map((range) => rangeHash(range, hashOf));
  const consistency = continued.map((range) => rangeHash(range, hashOf));
  if (!verifyInclusion({ leaf, index, size, proof: inclusion, root })) {
    throw new CentralLogError(`entry ${index}`);
  }
  if (continues) {
    const oldRoot = rangeHash(old, hashOf);
    if (!verifyConsistency({ oldSize: seen, newSize: size, oldRoot, newRoot: root, proof: consistency })) {
      throw new CentralLogError(`the tree of ${seen}`);
    }
  }
  return { inclusion, consistency };
}

/** Entries of the log with the head over them. */
export interface Placed {
  readonly entries: readonly { readonly document: string; readonly at: Date; readonly queued: string }[];
  /** Of the first one. */
  readonly seq: number;
  /** Roots of subtrees that have become whole. */
  readonly nodes: readonly (TreeNode & { readonly hash: Bytes })[];
  readonly note: string;
  /** The tree's right edge with all of them. */
  readonly frontier: Frontier;
  readonly signedAt: Date;
}

/** Writes entries, nodes and head, in one statement. */
export async function insertPlaced(db: Kysely<Tables>, placed: Placed): Promise<void> {
  const { entries, seq, nodes, note, frontier, signedAt } = placed;
  await sql`
    with entries as (
      insert into central_log (seq, document, at, queued)
      select ${seq}::bigint + place - 1, document, at, queued from unnest(
        ${entries.map(({ document }) => document)}::text[],
        ${entries.map(({ at }) => at.toISOString())}::timestamptz[],
        ${entries.map(({ queued }) => queued)}::bigint[]
      ) with ordinality as entry (document, at, queued, place)
    ), nodes as (
      insert into central_nodes (level, index, hash)
      select level, index, decode(hash, 'hex') from unnest(
        ${nodes.map(({ level }) => level)}::smallint[],
        ${nodes.map(({ index }) => index)}::bigint[],
        ${nodes.map(({ hash }) => toHex(hash))}::text[]
      ) as node (level, index, hash)
    )
    insert into central_checkpoints (size, root, note, signed_at, frontier)
    values (${frontier.size}::bigint, ${toHex(frontier.root())}, ${note}, ${signedAt}::timestamptz,
      ${JSON.stringify(frontier.toJson())})`.execute(db);
}

async function readNodes(db: Kysely<Tables>, nodes: readonly TreeNode[]): Promise<(node: TreeNode) => Bytes> {
  const key = ({ level, index }: TreeNode) => `${level} ${index}`;
  const found = new Map<string, Bytes>();
  if (nodes.length > 0) {
    const { rows } = await sql<{ level: number; index: string; hash: string }>`
      select level, index, encode(hash, 'hex') as hash from central_nodes
      where (level, index) in (
        select * from unnest(
          ${nodes.map(({ level }) => level)}::smallint[], ${nodes.map(({ index }) => index)}::bigint[]
        )
      )`.execute(db);
    for (const { level, index, hash } of rows) {
      found.set(key({ level, index: Number(index) }), fromHex(hash));
    }
  }
  return (node) => {
    const hash = found.get(key(node));
    if (!hash) throw new CentralLogError(`no node ${node.index} at level ${node.level}`);
    return hash;
  };
}
