/** A customer and a clerk at the kiosk, acting through the windows' own API. */
import { expect } from 'vitest';
import { fromHex, toBase64url, toHex } from '../../../shared/canonical/bytes.ts';
import { inclusionProof } from '../../../shared/canonical/merkle.ts';
import { SALT_BYTES } from '../../../shared/canonical/row.ts';
import {
  decodeContent,
  decodeMetadata,
  importLayerKey,
  openPage,
  pageSalts,
} from '../../../shared/canonical/sealed-page.ts';
import type { RecordsAccess, ReleaseRow } from '../../../shared/contract/contract.ts';
import type { Plane } from '../../../shared/contract/names.ts';
import type { CustomerView, StaffView } from '../../../shared/contract/views.ts';
import type { Ink } from '../../../shared/domain/ink.ts';
import { noticePages } from '../../../shared/domain/notice-pages.ts';
import { dayOf, lastMonth } from '../../../shared/domain/period.ts';
import type { Grants, LookupRequest } from '../../../shared/domain/scope.ts';
import type { VisitPhase } from '../../../shared/session/machine.ts';
import { pageCommitments } from '../../support/page-commitments.ts';
import type { Kiosk } from './kiosk.ts';

export const CLERK = { staffId: '1024', pin: '246810' };
export const NUMBER = '13900010001';
export const NAME = '张三';
export const grants: Grants = {
  lookup: true,
  analysis: true,
  release: true,
  keep: false,
  contact: false,
  marketing: false,
  richInk: false,
};
export const ink: Ink = {
  width: 600,
  height: 240,
  device: 'pen',
  strokes: [
    Array.from({ length: 30 }, (_, i) => ({ x: 40 + i * 9, y: 100 + (i % 7) * 12, p: 0.5, t: i * 17 })),
  ],
};

export const request = (change: Partial<LookupRequest> = {}): LookupRequest => ({
  subscriber: NUMBER,
  categories: ['sms'],
  period: lastMonth(dayOf(Date.now())),
  purpose: 'own-copy',
  ...change,
});

/** Waits until a plane's view is in a phase. */
export async function reaches(kiosk: Kiosk, phase: VisitPhase, plane: Plane = 'customer'): Promise<void> {
  await expect
    .poll(async () => (await kiosk.ok(plane, 'getView', {})).phase, { timeout: 30_000, interval: 50 })
    .toBe(phase);
}

export const staffView = (kiosk: Kiosk): Promise<StaffView> => kiosk.ok('staff', 'getView', {});
export const customerView = (kiosk: Kiosk): Promise<CustomerView> => kiosk.ok('customer', 'getView', {});

/** Signs the clerk in unless they are. */
export async function signIn(kiosk: Kiosk): Promise<void> {
  await expect
    .poll(async () => (await kiosk.ok('staff', 'getStatus', {})).central.state, { timeout: 30_000 })
    .toBe('connected');
  if (!(await staffView(kiosk)).staff) await kiosk.ok('staff', 'signIn', CLERK);
}

/** Turns every page, as many as the core counts. */
export async function readNotice(kiosk: Kiosk): Promise<void> {
  await reaches(kiosk, 'serving.notice');
  const { notices, display } = await customerView(kiosk);
  const notice = notices?.[display.language];
  const pages = notice ? noticePages(notice, display.largeType).length : 0;
  for (let page = 1; page <= pages; page++) await kiosk.ok('customer', 'noticePage', { page });
}

/** From idle to the identity step. */
export async function toIdentity(kiosk: Kiosk, asked: LookupRequest = request()): Promise<void> {
  await signIn(kiosk);
  await kiosk.ok('staff', 'startSession', asked);
  await reaches(kiosk, 'serving.request');
  await kiosk.ok('customer', 'acceptRequest', {});
  await readNotice(kiosk);
  await kiosk.ok('customer', 'noticeRead', {});
  await reaches(kiosk, 'serving.identity.entering');
}

/** From there to the pad. */
export async function toSignature(kiosk: Kiosk, number: string = NUMBER): Promise<void> {
  const { servicePassword, codes } = kiosk.central.secrets(number);
  await kiosk.ok('customer', 'prove', { servicePassword, oneTimeCode: codes.at(-1) ?? '' });
  await reaches(kiosk, 'serving.question');
  const policy = await kiosk.central.context.policies.inForce();
  await kiosk.ok('customer', 'answer', { answerId: policy.questions['zh-CN'].correct });
  await kiosk.ok('customer', 'tick', grants);
  await reaches(kiosk, 'serving.signature');
}

/** A hand on the pad: ink is taken only after one. */
export async function drawOnPad(kiosk: Kiosk): Promise<void> {
  const { customer: page } = kiosk.pages;
  const box = await page.locator('canvas').first().boundingBox();
  if (!box) throw new Error('no pad to draw on');
  const at = (step: number) => [box.x + 40 + step * 12, box.y + box.height / 2 + (step % 3) * 9] as const;
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let step = 1; step <= 12; step++) await page.mouse.move(...at(step));
  await page.mouse.up();
}

/** From idle to the records. */
export async function toReading(kiosk: Kiosk, asked: LookupRequest = request()): Promise<void> {
  await toIdentity(kiosk, asked);
  await toSignature(kiosk, asked.subscriber);
  await drawOnPad(kiosk);
  await kiosk.ok('customer', 'sign', ink);
  await reaches(kiosk, 'serving.reading');
}

/** A sealed page as the plane's window gets it; the status when it does not. */
export function fetchPage(
  kiosk: Kiosk,
  plane: Plane,
  path: string,
): Promise<{ status: number; bytes: Uint8Array<ArrayBuffer> }> {
  return kiosk.pages[plane]
    .evaluate(async (address) => {
      const response = await fetch(address);
      return { status: response.status, bytes: [...new Uint8Array(await response.arrayBuffer())] };
    }, path)
    .then(({ status, bytes }) => ({ status, bytes: new Uint8Array(bytes) }));
}

/** Opens everything and makes rows ready to be released. */
export async function readAll(kiosk: Kiosk, access: RecordsAccess): Promise<Omit<ReleaseRow, 'showPeer'>[]> {
  const { binding, manifest } = access;
  const keys = {
    metadata: await importLayerKey(
      access.metadataSecret as Uint8Array<ArrayBuffer>,
      binding,
      'metadata',
      'open',
    ),
    content: await importLayerKey(
      access.contentSecret as Uint8Array<ArrayBuffer>,
      binding,
      'content',
      'open',
    ),
  };
  const open = async (layer: 'metadata' | 'content', page: number) => {
    const { status, bytes } = await fetchPage(
      kiosk,
      'customer',
      `/sealed/${binding.lookupId}/${layer}/${page}`,
    );
    expect(status).toBe(200);
    return openPage(keys[layer], page, bytes);
  };
  const rows: Omit<ReleaseRow, 'showPeer' | 'proof'>[] = [];
  const leaves: Uint8Array[] = [];
  for (const { page } of manifest.pages.metadata) {
    const metadata = decodeMetadata(await open('metadata', page));
    const content = decodeContent(await open('content', page));
    const salts = await pageSalts(keys.content, page, content.length);
    leaves.push(...pageCommitments(metadata, content, salts));
    for (let i = 0; i < metadata.length; i++) {
      const { at, direction, category, maskedPeer } = metadata.row(i);
      const { peer, text } = content.row(i);
      const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES);
      if (category === 'service') throw new Error('not asked for');
      const index = rows.length;
      rows.push({ index, at, direction, category, maskedPeer, peer, text, salt: toBase64url(salt) });
    }
  }
  return rows.map((row) => ({ ...row, proof: inclusionProof(leaves, row.index).map(toHex) }));
}

/** Another hash of the same length. */
export const flipped = (hex: string): string => {
  const bytes = fromHex(hex);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return toHex(bytes);
};
