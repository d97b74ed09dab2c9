import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { openCheckpoint, parseCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';
import { verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { type NoteKey, parseVerifierKey, verifyNote } from '../../../shared/canonical/signed-note.ts';
import { publicKeyOf, verifyAuditProof } from '../../../shared/canonical/verify-audit.ts';
import { type AuditEntry, centralEventSchema } from '../../../shared/domain/audit.ts';
import { openCentralLog } from '../audit/central-log.ts';
import { CentralLogError } from '../audit/central-tree.ts';
import { verifyCentralLog } from '../audit/verify-central-log.ts';
import { AuditedCounter } from './audited-counter.ts';
import { centralFixture, told } from './fixture.ts';

const fixture = centralFixture({ createdThrough: 'none' });
let devices = 0;

const makeCounter = () => {
  devices += 1;
  return AuditedCounter.make(fixture.central, `tree-${devices}`);
};

let witness: NoteKey;
let log: NoteKey;
let witnessKey: string;
beforeAll(async () => {
  const counter = await makeCounter();
  const signed = await counter.call('auditWitness');
  const { root } = fixture.central.authority;
  const options = { trustedCertificates: [root.certificate], expectedRole: 'central' } as const;
  expect(await verifyDocument(signed, options)).toMatchObject({ ok: true });
  ({ witnessKey } = signed.document);
  witness = await parseVerifierKey(witnessKey);
  log = await parseVerifierKey(signed.document.logKey);
});

describe('cosigning', () => {
  test('says that central holds these very entries, at this time', async () => {
    const counter = await makeCounter();
    await counter.add(5);
    await counter.send();
    const { checkpoint } = await counter.cosign();
    const verdict = await verifyNote(parseCheckpoint(checkpoint).note, witness);
    expect(verdict).toMatchObject({ ok: true });
    // A whole proof, as a receipt carries it.
    const tree = new MerkleLog();
    for (const one of counter.entries) tree.append(leafHash(canonicalBytes(one)));
    const entry = counter.entries[2];
    const proof = { entry, index: 2, size: 5, proof: tree.inclusion(2).map(toHex), checkpoint };
    const devicePublicKey = publicKeyOf(counter.identity.certificate);
    const proved = await verifyAuditProof(proof, { devicePublicKey, witnessKey });
    if (!proved.ok || !verdict.ok) throw new Error('not proved');
    expect(proved.cosignedAt).toBe(verdict.at);
    expect(Math.abs(fixture.now() - (proved.cosignedAt ?? 0))).toBeLessThan(60_000);
    const foreign = { ...proof, checkpoint: checkpoint.replace(/(witness \S{12})./, (_, a) => `${a}*`) };
    expect(await verifyAuditProof(foreign, { devicePublicKey, witnessKey })).toMatchObject({ ok: false });
  });
  test('answers with proof that central wrote it into a log that only grows', async () => {
    const counter = await makeCounter();
    let before: { size: number; root: Uint8Array } | undefined;
    for (const more of [1, 3, 9]) {
      await counter.add(more);
      await counter.send();
      const answer = await counter.cosign(before?.size ?? 0);
      const head = await openCheckpoint(answer.log.checkpoint, log);
      if (!head) throw new Error('no head');
      const { event, index, inclusion, consistency } = answer.log;
      const leaf = utf8(event);
      expect(
        verifyInclusion({ leaf, index, size: head.size, proof: inclusion.map(fromHex), root: head.root }),
      ).toBe(true);
      expect(centralEventSchema.parse(JSON.parse(event))).toMatchObject({
        event: 'checkpoint-cosigned',
        device: counter.device,
        size: counter.entries.length,
        root: toHex(counter.root()),
      });
      if (before) {
        expect(
          verifyConsistency({
            oldSize: before.size,
            newSize: head.size,
            oldRoot: before.root,
            newRoot: head.root,
            proof: consistency.map(fromHex),
          }),
        ).toBe(true);
      }
      before = head;
    }
  });
  test('answers the same to a counter that lost the answer', async () => {
    const counter = await makeCounter();
    await counter.add(2);
    await counter.send();
    const first = await counter.cosign();
    const again = await counter.cosign();
    expect([again.checkpoint, again.log.event]).toEqual([first.checkpoint, first.log.event]);
  });
  test('waits for entries that are not there yet', async () => {
    const counter = await makeCounter();
    await counter.add(3);
    expect(await counter.refusal(await counter.sign())).toBe('bad-input (gap before seq 0)');
  });
  test('two at once are one after the other', async () => {
    const counter = await makeCounter();
    await counter.add(4);
    await counter.send();
    const [three, four] = await Promise.all([counter.sign(3), counter.sign(4)]);
    const answers = await Promise.all(
      [three, four].map((one) => counter.raw('auditCheckpoint', { body: { checkpoint: one, seen: 0 } })),
    );
    // The smaller one may come too late: then it is a step back.
    expect(answers[1]?.status).toBe(200);
    expect([200, 409]).toContain(answers[0]?.status);
  });
});

describe('a counter that rewrites', () => {
  let counter: AuditedCounter;
  const eventsOf = async (device: string) => {
    const rows = await fixture.central.context.db
      .selectFrom('central_log')
      .select('document')
      .orderBy('seq')
      .execute();
    return rows
      .map(({ document }) => centralEventSchema.parse(JSON.parse(document)))
      .flatMap((one) => (one.event === 'counter-refused' && one.device === device ? [one.reason] : []));
  };
  beforeAll(async () => {
    counter = await makeCounter();
    await counter.add(6);
    await counter.send();
    await counter.cosign();
  });

  test('is refused a smaller tree, another tree, and a signature that is not its own; all of it is written down', async () => {
    expect(await counter.refusal(await counter.sign(4))).toBe('audit-failed (rollback: 4 of 6)');
    expect(await counter.refusal(await counter.sign(6, counter.root(5)))).toBe(
      'audit-failed (fork at size 6)',
    );
    const stranger = await makeCounter();
    expect(await stranger.refusal(await counter.sign())).toBe('audit-failed (checkpoint: signature)');
    // Its own key, another counter's name.
    expect(await counter.refusal(await counter.sign(6, counter.root(), 'tree-1'))).toBe(
      'audit-failed (checkpoint: signature)',
    );
    expect(await eventsOf(counter.device)).toEqual(['rollback', 'fork', 'signature']);
  });
  test('is refused a root that is not that of the entries it sent', async () => {
    const liar = await makeCounter();
    await liar.add(5);
    await liar.send();
    const forged = structuredClone(liar.entries);
    forged[2] = { ...(forged[2] as AuditEntry), facts: { fact: 'b' } };
    expect(await liar.refusal(await liar.sign(5, liar.root(5, forged)))).toBe(
      'audit-failed (fork at size 5)',
    );
    // What it signed first is not cosigned either way; the true one is.
    await liar.cosign();
  });
  test('is refused entries other than those it sent, and that is written down', async () => {
    const forger = await makeCounter();
    await forger.add(3);
    await forger.send();
    forger.entries = [];
    await forger.add(4, 'b');
    expect(told(await forger.refused('audit', { body: { entries: forger.entries } }))).toBe(
      'audit-failed (fork at seq 0)',
    );
    expect(await eventsOf(forger.device)).toEqual(['fork']);
  });
  test('is refused what is no checkpoint at all', async () => {
    expect(await counter.refusal('no note')).toBe('audit-failed (checkpoint: signature)');
  });
});

describe("central's own log", () => {
  test('begins with the keys that central signs with', async () => {
    const first = await fixture.central.context.db
      .selectFrom('central_log')
      .selectAll()
      .where('seq', '=', '0')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(first.document)).toMatchObject({ event: 'witness-published', seq: 0 });
  });
  test('is not opened once it was rewritten in the database', async () => {
    const { db, witness: keys } = fixture.central.context;
    const now = () => Date.now();
    const log = await openCentralLog(db, keys, now);
    const rewrite = async (seq: string, document: string, leaf: Uint8Array) => {
      await db.updateTable('central_log').set({ document }).where('seq', '=', seq).execute();
      await db
        .updateTable('central_nodes')
        .set({ hash: Buffer.from(leaf) })
        .where('level', '=', 0)
        .where('index', '=', seq)
        .execute();
    };
    const read = (seq: string) =>
      db.selectFrom('central_log').selectAll().where('seq', '=', seq).executeTakeFirstOrThrow();
    const row = await read('1');
    const other = await read('2');
    const leaf = leafHash(utf8(row.document));
    // The document alone, and with a leaf that fits it.
    await rewrite('1', other.document, leaf);
    await expect(openCentralLog(db, keys, now)).rejects.toThrow(CentralLogError);
    await rewrite('1', other.document, leafHash(utf8(other.document)));
    await expect(openCentralLog(db, keys, now)).rejects.toThrow(CentralLogError);
    // Nor is it vouched for while the service runs.
    await expect(log.prove(0, row.queued)).rejects.toThrow(CentralLogError);
    await rewrite('1', row.document, leaf);
    await log.prove(0, row.queued);
    // The last one taken away.
    const last = await db
      .selectFrom('central_log')
      .selectAll()
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    await db.deleteFrom('central_log').where('seq', '=', last.seq).execute();
    await expect(openCentralLog(db, keys, now)).rejects.toThrow(CentralLogError);
    await db.insertInto('central_log').values(last).execute();
    await openCentralLog(db, keys, now);
  });
  test('is found whole by a process that starts while another one gives events their places', async () => {
    const { db, witness: keys } = fixture.central.context;
    const log = await openCentralLog(db, keys, Date.now);
    await log.enqueue(db, { event: 'counter-refused', device: 'another', reason: 'fork' }, new Date());
    // One connection, taken in turn: the batch comes after the first question of the start.
    const starting = verifyCentralLog(db, keys.log);
    await log.settle();
    await starting;
  });
  test('signs nothing over a tree that was altered, and tells no counter that it rewrote', async () => {
    const { db } = fixture.central.context;
    const counter = await makeCounter();
    await counter.add(2);
    await counter.send();
    const { log: shown } = await counter.cosign();
    const { size } = parseCheckpoint(shown.checkpoint);
    // Every root of more than one leaf, a bit of each.
    const alter = () =>
      sql`update central_nodes set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where level > 0`.execute(
        db,
      );
    await alter();
    await counter.add(1);
    await counter.send();
    const checkpoint = await counter.sign();
    expect((await counter.refused('auditCheckpoint', { body: { checkpoint, seen: size } })).kind).toBe(
      'internal',
    );
    await alter();
    const { log: again } = await counter.cosign(size, checkpoint);
    expect(parseCheckpoint(again.checkpoint).size).toBeGreaterThan(size);
  });
});
