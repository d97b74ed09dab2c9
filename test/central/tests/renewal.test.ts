/** What central has signed for years to come, when its own certificate is renewed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SignedDocument, verifyDocument } from '../../../shared/canonical/signed-document.ts';
import type { Witness } from '../../../shared/domain/audit.ts';
import { openWitness } from '../audit/witness.ts';
import { openAuthority } from '../pki/authority.ts';
import { makeCertificate } from '../pki/certificate.ts';
import { generateKeys, type Identity, identityOf } from '../pki/identity.ts';
import { isSignedBy } from '../pki/signed-by.ts';
import { type Central, startCentral } from '../service.ts';
import { TestCounter } from './client.ts';

const DAY = 86_400_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-witness-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the document of its keys for logs is signed again by a renewed certificate, with the same keys and a later date', async () => {
  const { root } = await openAuthority(folder);
  const now = Date.now();
  const central = async (from: number, to: number): Promise<Identity> => {
    const keys = await generateKeys();
    const certificate = await makeCertificate({
      subject: { commonName: 'central', unit: 'central' },
      publicKey: keys.publicKey,
      notBefore: new Date(now + from * DAY),
      notAfter: new Date(now + to * DAY),
      issuer: root,
    });
    return identityOf(certificate, keys.privateKey);
  };
  const [first, second] = [await central(-1, 100), await central(70, 200)];
  const taken = async (document: SignedDocument<Witness>, at: number) =>
    (
      await verifyDocument(document, {
        trustedCertificates: [root.certificate],
        at: new Date(at),
        expectedRole: 'central',
        exact: true,
      })
    ).ok;
  const { document: old } = await openWitness(folder, first, now);
  expect((await openWitness(folder, first, now + 50 * DAY)).document).toEqual(old);
  const renewed = now + 80 * DAY;
  const { document } = await openWitness(folder, second, renewed);
  expect(document.document).toEqual({ ...old.document, validFrom: new Date(renewed).toISOString() });
  // After the first certificate's end a new counter takes the one and not the other.
  expect(await taken(document, now + 110 * DAY)).toBe(true);
  expect(await taken(old, now + 110 * DAY)).toBe(false);
  expect((await openWitness(folder, second, now + 110 * DAY)).document).toEqual(document);
});

test('a service with a renewed certificate signs keys and policy anew, and its log names the new document', async () => {
  const dataDir = join(folder, 'data');
  const during = async <T>(work: (central: Central) => Promise<T>): Promise<T> => {
    const central = await startCentral({ dataDir, createdThrough: 'none' });
    try {
      return await work(central);
    } finally {
      await central.close();
    }
  };
  const told = async (central: Central) => {
    const counter = new TestCounter(central, await central.makeDevice(`counter-${Math.random()}`));
    const rows = await central.context.db
      .selectFrom('central_log')
      .select('document')
      .orderBy('seq')
      .execute();
    const policy = await counter.call('policy');
    const { certificate } = central.context.authority.central;
    return {
      witness: (await counter.call('auditWitness')).document,
      policy: policy.document,
      isPolicySignedNow: await isSignedBy(policy, { certificate }),
      changes: await central.context.db.selectFrom('changes').select('document').execute(),
      events: rows.map(({ document }) => JSON.parse(document).event),
    };
  };
  const before = await during(told);
  // As a month before its end.
  await rm(join(dataDir, 'ca', 'central.pem'));
  const after = await during(told);
  const { validFrom } = after.witness;
  // The same version, told to nobody: what was signed of it stays true.
  expect(after.policy).toEqual(before.policy);
  expect([before, after].map(({ isPolicySignedNow }) => isPolicySignedNow)).toEqual([true, true]);
  expect(after.changes).toEqual(before.changes);
  expect(after.witness).toEqual({ ...before.witness, validFrom });
  expect(validFrom > before.witness.validFrom).toBe(true);
  expect(after.events).toEqual(['witness-published', 'witness-published']);
  expect(await during(told)).toEqual(after);
});
