/** Counters' logs and central's own over two processes: one chain a counter, one head of central's log. */
import { beforeAll, expect, test } from 'vitest';
import { fromHex, utf8 } from '../../../../shared/canonical/bytes.ts';
import { type Checkpoint, openCheckpoint } from '../../../../shared/canonical/checkpoint.ts';
import { verifyConsistency, verifyInclusion } from '../../../../shared/canonical/merkle.ts';
import { type NoteKey, parseVerifierKey } from '../../../../shared/canonical/signed-note.ts';
import { centralEventSchema } from '../../../../shared/domain/audit.ts';
import { AuditedCounter } from '../audited-counter.ts';
import { describeOnServer } from '../server.ts';
import { waitingForLocks } from './locks.ts';
import { pairFixture } from './pair.ts';

describeOnServer('over two processes', () => {
  const pair = pairFixture({ createdThrough: 'none' });
  let log: NoteKey;
  beforeAll(async () => {
    log = await parseVerifierKey(pair.both[0].context.witness.document.document.logKey);
  });

  /** One counter's connections to both; entries are those of the first. */
  async function audited(device: string): Promise<readonly [AuditedCounter, AuditedCounter]> {
    const one = await AuditedCounter.make(pair.both[0], device);
    const other = new AuditedCounter(pair.both[1], device, one.identity);
    other.entries = one.entries;
    return [one, other];
  }

  /** The head of an answer, once all of it is proved to continue what was seen before. */
  async function proved(
    counter: AuditedCounter,
    before: Checkpoint | undefined,
    checkpoint?: string,
  ): Promise<Checkpoint> {
    const answer = await counter.cosign(before?.size ?? 0, checkpoint);
    const head = await openCheckpoint(answer.log.checkpoint, log);
    if (!head) throw new Error('no head');
    const { event, index, inclusion, consistency } = answer.log;
    const { size, root } = head;
    expect(verifyInclusion({ leaf: utf8(event), index, size, proof: inclusion.map(fromHex), root })).toBe(
      true,
    );
    const old = before && { oldSize: before.size, oldRoot: before.root };
    if (old) {
      const proof = consistency.map(fromHex);
      expect(verifyConsistency({ ...old, newSize: size, newRoot: root, proof })).toBe(true);
    }
    return head;
  }

  test('batches make one chain', async () => {
    const [one, other] = await audited('chain');
    await one.add(40);
    // The same entries to both, in pieces: what is held is skipped, what does not follow yet is refused as a gap.
    for (let end = 10; end <= 40; end += 10) {
      await Promise.all([one, other].map((counter) => counter.send(one.entries.slice(0, end))));
    }
    const rows = await pair.both[0].context.db
      .selectFrom('audit_entries')
      .select('seq')
      .where('device_id', '=', 'chain')
      .orderBy('seq')
      .execute();
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(await other.call('auditHead')).toEqual(await one.call('auditHead'));
  });

  test('a fork is a fork, wherever it is shown', async () => {
    const [one, other] = await audited('fork');
    await one.add(5);
    await one.send();
    const forged = await AuditedCounter.make(pair.both[1], 'fork');
    await forged.add(5, 'b');
    expect((await forged.refused('audit', { body: { entries: forged.entries } })).kind).toBe('audit-failed');
    await one.cosign();
    expect(await other.refusal(await one.sign(3))).toBe('audit-failed (rollback: 3 of 5)');
  });

  test("central's log is one: every head continues every other, whoever signed it", async () => {
    const counters = await Promise.all(Array.from({ length: 6 }, (_, i) => audited(`log-${i}`)));
    const heads: Checkpoint[] = [];
    await Promise.all(
      counters.map(async (both, i) => {
        let before: Checkpoint | undefined;
        for (let round = 0; round < 5; round++) {
          // Now here, now there.
          const at = both[(i + round) % 2 ? 0 : 1];
          await both[0].add(1 + (round % 3));
          await at.send();
          before = await proved(at, before);
          heads.push(before);
        }
      }),
    );
    // Of one size there is one root.
    const roots = new Map<number, string>();
    for (const { size, root } of heads) {
      const hex = Buffer.from(root).toString('hex');
      expect(roots.get(size) ?? hex).toBe(hex);
      roots.set(size, hex);
    }
    const { db } = pair.both[0].context;
    const rows = await db.selectFrom('central_log').select(['seq', 'document']).orderBy('seq').execute();
    expect(rows.map(({ seq }) => Number(seq))).toEqual(rows.map((_, i) => i));
    const cosigned = rows
      .map(({ document }) => centralEventSchema.parse(JSON.parse(document)))
      .flatMap((event) => (event.event === 'checkpoint-cosigned' ? [`${event.device} ${event.size}`] : []));
    // Each checkpoint once.
    expect(new Set(cosigned).size).toBe(cosigned.length);
    expect(cosigned.filter((one) => one.startsWith('log-'))).toHaveLength(30);
  });

  test('a step back is one, also for who has waited behind the larger tree', async () => {
    const [one, other] = await audited('waited');
    await one.add(4);
    await one.send();
    const { db } = pair.both[0].context;
    const answers = await db.transaction().execute(async (tx) => {
      await tx.selectFrom('audit_heads').selectAll().where('device_id', '=', 'waited').forUpdate().execute();
      const four = one.raw('auditCheckpoint', { body: { checkpoint: await one.sign(4), seen: 0 } });
      await waitingForLocks(db, 1);
      const three = other.raw('auditCheckpoint', { body: { checkpoint: await one.sign(3), seen: 0 } });
      await waitingForLocks(db, 2);
      return { four, three };
    });
    expect((await answers.four).status).toBe(200);
    expect((await answers.three).status).toBe(409);
  });

  test('a checkpoint asked for at both is cosigned once', async () => {
    const [one, other] = await audited('twice');
    await one.add(3);
    await one.send();
    const checkpoint = await one.sign();
    const answers = await Promise.all([one, other].map((counter) => counter.cosign(0, checkpoint)));
    expect(answers[1]?.checkpoint).toBe(answers[0]?.checkpoint);
    expect(answers[1]?.log.event).toBe(answers[0]?.log.event);
  });
});
