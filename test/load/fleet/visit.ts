/** A customer's visit from the clerk's sign-in to an empty counter, through the windows' own commands. */

import { concat, fromHex, toBase64url, toHex } from '../../../shared/canonical/bytes.ts';
import { inclusionProof, inclusionProofOfHashes } from '../../../shared/canonical/merkle.ts';
import { SALT_BYTES } from '../../../shared/canonical/row.ts';
import {
  decodeContent,
  decodeMetadata,
  importLayerKey,
  openPage,
  pageSalts,
} from '../../../shared/canonical/sealed-page.ts';
import type { RecordsAccess, ReleaseRow } from '../../../shared/contract/contract.ts';
import type { Ink } from '../../../shared/domain/ink.ts';
import type { LayerName, PageRef } from '../../../shared/domain/lookup.ts';
import { noticePages } from '../../../shared/domain/notice-pages.ts';
import { runsOf } from '../../../shared/domain/page-run.ts';
import { dayOf, lastMonth } from '../../../shared/domain/period.ts';
import { pageCommitments } from '../../support/page-commitments.ts';
import type { SimulatedCounter } from './counter.ts';
import type { CustomerSpec } from './messages.ts';
import { VisitFailure } from './windows.ts';

const INK: Ink = {
  width: 600,
  height: 240,
  device: 'pen',
  strokes: [
    Array.from({ length: 30 }, (_, i) => ({ x: 40 + i * 9, y: 100 + (i % 7) * 12, p: 0.5, t: i * 20 })),
  ],
};

const GRANTS = {
  lookup: true,
  analysis: true,
  release: true,
  keep: false,
  contact: false,
  marketing: false,
  richInk: false,
};

export interface VisitInput {
  readonly customer: CustomerSpec;
  /** Texts on the customer's phone, oldest first. */
  readonly phone: () => readonly string[];
  /** The right one: the customer has understood the notice. */
  readonly answerId: string;
  readonly signIn: boolean;
  /** Time passes: the customer reads, thinks or types. */
  readonly pause: () => Promise<void>;
}

/**
 * @returns ms that customer and clerk waited for the counter, pauses left out.
 * @throws VisitFailure; Failure of a command
 */
export async function visit(counter: SimulatedCounter, input: VisitInput): Promise<number> {
  const { windows, spec } = counter;
  const { staff, customer } = counter.core.handlers;
  let waited = 0;
  /** What somebody waits for; then they take their time. */
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    waited += performance.now() - began;
    await input.pause();
    return result;
  };
  const { number, servicePassword } = input.customer;

  if (input.signIn) {
    if ((await staff.getView({})).staff) await staff.signOut({});
    await step(async () => staff.signIn(spec.clerk));
  }
  const request = await step(async () => {
    await staff.startSession({
      subscriber: number,
      categories: ['sms'],
      period: lastMonth(dayOf(Date.now())),
      purpose: 'own-copy',
    });
    return windows.reaches('serving.request');
  });
  const { notices, display } = request;
  const notice = notices?.[display.language];
  if (!notice) throw new VisitFailure('no notice', request.phase);
  await step(async () => customer.acceptRequest({}));
  for (const page of noticePages(notice, display.largeType).keys())
    await customer.noticePage({ page: page + 1 });
  await input.pause();
  await step(async () => {
    await customer.noticeRead({});
    return windows.reaches('serving.identity.entering');
  });
  const oneTimeCode = /验证码 (\d+)/.exec(input.phone().at(-1) ?? '')?.[1];
  if (oneTimeCode === undefined) throw new VisitFailure('no code on the phone', 'serving.identity.entering');
  await step(async () => {
    await customer.prove({ servicePassword, oneTimeCode });
    return windows.reaches('serving.question');
  });
  await step(async () => customer.answer({ answerId: input.answerId }));
  await step(async () => customer.tick(GRANTS));
  await step(async () => {
    await customer.sign(INK);
    return windows.reaches('serving.reading');
  });
  const first = await step(() => readRecords(counter));
  if (first) await step(async () => customer.release({ rows: [first] }));
  await step(async () => {
    await customer.openProof({});
    await customer.takeReceipt({});
    return windows.reaches('serving.receipt');
  });
  await step(async () => {
    await customer.finish({});
    return windows.reaches('serving.followUp');
  });
  await step(async () => {
    await staff.closeSession({ followUp: '' });
    return windows.reaches('idle');
  });
  return waited;
}

/**
 * Both windows fetch their pages; the core checks them against the manifest, and the keys open them.
 * @returns the first row, ready to be released; undefined where there are none
 */
async function readRecords({ core }: SimulatedCounter): Promise<ReleaseRow | undefined> {
  const { staff, customer } = core.handlers;
  const access = await customer.openRecords({});
  const { pages } = await staff.openMetadata({});
  const { lookupId } = access.binding;
  const fetch = (plane: 'staff' | 'customer', layer: LayerName, refs: readonly PageRef[]) =>
    Promise.all(
      runsOf(refs).map((run) =>
        core.sealedPages({
          plane,
          lookupId,
          runs: [{ layer, first: run[0]?.page ?? 0, last: run.at(-1)?.page ?? 0 }],
        }),
      ),
    );
  const [metadata, content] = await Promise.all([
    fetch('customer', 'metadata', access.manifest.pages.metadata),
    fetch('customer', 'content', access.manifest.pages.content),
    fetch('staff', 'metadata', pages),
  ]);
  return firstRow(access, await open(access, 'metadata', metadata), await open(access, 'content', content));
}

/** Plain pages of a layer. @throws when one is not what was sealed for this consent */
async function open(
  { binding, manifest, metadataSecret, contentSecret }: RecordsAccess,
  layer: LayerName,
  fetched: readonly Uint8Array<ArrayBuffer>[],
): Promise<Uint8Array<ArrayBuffer>[]> {
  const secret = layer === 'metadata' ? metadataSecret : contentSecret;
  const layerKey = await importLayerKey(new Uint8Array(secret), binding, layer, 'open');
  const opened: Uint8Array<ArrayBuffer>[] = [];
  for (const [i, run] of runsOf(manifest.pages[layer]).entries()) {
    let from = 0;
    for (const { page, bytes } of run) {
      const sealed = fetched[i]?.slice(from, from + bytes) ?? new Uint8Array(0);
      opened.push(await openPage(layerKey, page, sealed));
      from += bytes;
    }
  }
  return opened;
}

async function firstRow(
  { binding, manifest, contentSecret }: RecordsAccess,
  metadata: readonly Uint8Array<ArrayBuffer>[],
  content: readonly Uint8Array<ArrayBuffer>[],
): Promise<ReleaseRow | undefined> {
  const [firstMetadata] = metadata;
  const [firstContent] = content;
  if (manifest.rows === 0 || !firstMetadata || !firstContent) return undefined;
  const page = decodeMetadata(firstMetadata);
  const texts = decodeContent(firstContent);
  const layerKey = await importLayerKey(new Uint8Array(contentSecret), binding, 'content', 'open');
  const salts = await pageSalts(layerKey, 0, page.length);
  const proof = [
    ...inclusionProof(pageCommitments(page, texts, salts), 0),
    ...inclusionProofOfHashes(concat(...manifest.pageRoots.map(fromHex)), 0),
  ];
  const { at, direction, category, maskedPeer } = page.row(0);
  const { peer, text } = texts.row(0);
  if (category === 'service') return undefined;
  return {
    ...{ index: 0, at, direction, category, maskedPeer, peer, text },
    salt: toBase64url(salts.subarray(0, SALT_BYTES)),
    proof: proof.map(toHex),
    showPeer: false,
  };
}
