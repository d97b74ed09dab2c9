/** A lookup of nobody's: sealed here, of rows that were never sent, so that a store can be run before it is needed. */
import { type Bytes, concat, randomBytes, toHex } from '../../../shared/canonical/bytes.ts';
import { HASH_BYTES, sha256Hex } from '../../../shared/canonical/hash.ts';
import { merkleRoot } from '../../../shared/canonical/merkle.ts';
import {
  type ContentRow,
  type MetadataRow,
  rowCommitment,
  SALT_BYTES,
} from '../../../shared/canonical/row.ts';
import {
  encodeContent,
  encodeMetadata,
  importLayerKey,
  type Layer,
  PAGE_ROWS,
  pageSalts,
  sealPage,
} from '../../../shared/canonical/sealed-page.ts';
import type { RecordsAccess } from '../../../shared/contract/contract.ts';
import type { Manifest, PageRef } from '../../../shared/domain/lookup.ts';
import { instantsOf, type Period } from '../../../shared/domain/period.ts';
import type { FetchPages } from '../page-source.ts';

const PERIOD: Period = { from: '2026-01-01', to: '2026-01-31' };
/** What their texts are put together from. */
const PHRASES = [
  '您好，您的快件已到达网点，',
  '验证码',
  '，请勿告诉他人。',
  '本月账单',
  '元，余额',
  '元。',
  '明天下午三点在门口等你，',
  '好的',
  '【某某银行】您尾号',
  '的账户',
  '谢谢！',
  '没有人收到过这条短信，',
  // Long enough to be unpacked in one go.
  '【某某通信】尊敬的客户，您本月的套餐已使用过半，其中通用流量、定向流量与通话时长均可在掌上营业厅随时查询；余量不足时我们将再次提醒您，退订请回复',
];

export interface NobodysLookup {
  /** Anew each time: whoever opens with it overwrites its secrets. */
  readonly access: () => RecordsAccess;
  readonly fetchPages: FetchPages;
}

export async function sealNobodysLookup(pages: number): Promise<NobodysLookup> {
  const hash = (): string => toHex(randomBytes(HASH_BYTES));
  const binding = { consentHash: hash(), scopeHash: hash(), lookupId: crypto.randomUUID() };
  const secrets = { metadata: randomBytes(HASH_BYTES), content: randomBytes(HASH_BYTES) };
  const keys = {
    metadata: await importLayerKey(secrets.metadata, binding, 'metadata', 'seal'),
    content: await importLayerKey(secrets.content, binding, 'content', 'seal'),
  };
  const refs: Record<Layer, PageRef[]> = { metadata: [], content: [] };
  const shelf: Record<Layer, Bytes[]> = { metadata: [], content: [] };
  const leaves: Bytes[] = [];
  const rows = nobodysRows(pages * PAGE_ROWS);
  for (let page = 0; page < pages; page++) {
    const some = rows.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
    const salts = await pageSalts(keys.content, page, some.length);
    for (const [i, row] of some.entries()) {
      leaves.push(rowCommitment(row, { ...row, salt: salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES) }));
    }
    for (const [layer, plain] of [
      ['metadata', encodeMetadata(some)],
      ['content', encodeContent(some)],
    ] as const) {
      const sealed = await sealPage(keys[layer], page, plain);
      refs[layer].push({ page, rows: some.length, bytes: sealed.length, sha256: await sha256Hex(sealed) });
      shelf[layer].push(sealed);
    }
  }
  const sent = rows.filter(({ direction }) => direction === 'out').length;
  const manifest: Manifest = {
    schema: 'zhiqing-manifest/1',
    ...binding,
    consentId: crypto.randomUUID(),
    scope: {
      subscriber: '00000000000',
      categories: ['sms'],
      period: PERIOD,
      purpose: 'own-copy',
      recipients: ['subject'],
      expiresAt: '2026-02-28T00:00:00.000Z',
    },
    answeredAt: '2026-02-01T00:00:00.000Z',
    device: hash(),
    policyVersion: 1,
    rows: rows.length,
    counts: { received: rows.length - sent, sent, byCategory: { sms: rows.length } },
    merkleRoot: toHex(merkleRoot(leaves)),
    pageRoots: refs.metadata.map(({ page }) =>
      toHex(merkleRoot(leaves.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS))),
    ),
    pages: refs,
  };
  return {
    // Cloned, as it comes from a page: to the compiler, objects of another making are another kind of object.
    access: () =>
      structuredClone({
        binding,
        manifest,
        metadataSecret: secrets.metadata,
        contentSecret: secrets.content,
      }),
    fetchPages: async (_lookupId, runs) =>
      concat(...runs.flatMap(({ layer, first, last }) => shelf[layer].slice(first, last + 1))),
  };
}

/** Phrases and numbers in turns; the same for the same row. */
function textOf(row: number): string {
  let seed = Math.imul(row + 1, 2_654_435_761) >>> 0;
  const parts = Array.from({ length: 1 + (row % 6) }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return `${PHRASES[(seed >>> 16) % PHRASES.length]}${(seed >>> 8) % 100_000}`;
  });
  return parts.join('');
}

/** Rows in order of time, of many lengths and counterparts, as real ones are. */
function nobodysRows(count: number): (MetadataRow & ContentRow)[] {
  const { from, until } = instantsOf(PERIOD);
  return Array.from({ length: count }, (_, i) => ({
    at: from + Math.floor(((until - from) * i) / count),
    direction: i % 5 === 0 ? 'out' : 'in',
    category: 'sms',
    maskedPeer: `100****${String(i % 97).padStart(4, '0')}`,
    peer: `1000000${String(i % 97).padStart(4, '0')}`,
    text: textOf(i),
  }));
}
