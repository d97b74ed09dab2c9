import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditLog } from '../../../electron/audit/log.ts';
import { type AuditWitness, createWitness, DISPUTE } from '../../../electron/audit/witness.ts';
import type { Connection } from '../../../electron/central/connection.ts';
import { randomBytes, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { CENTRAL_ORIGIN, parseCheckpoint, WITNESS_NAME } from '../../../shared/canonical/checkpoint.ts';
import { noteKey, parseNote, signNote, verifierKey } from '../../../shared/canonical/signed-note.ts';
import { verifyAuditProof } from '../../../shared/canonical/verify-audit.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { MemoryDisk } from './memory-disk.ts';
import { SimCentral } from './sim-central.ts';
import { key, NOW, openLog, stateKey } from './support.ts';

let disk: MemoryDisk;
let central: SimCentral;
let log: AuditLog;
let witness: AuditWitness;

async function start(): Promise<void> {
  ({ log } = await openLog(disk));
  witness = await watch();
}
function watch(): Promise<AuditWitness> {
  return createWitness({
    log,
    files: disk,
    connection: { call: central.call as Connection['call'], trusted: [central.root.der] },
    clock: { now: () => NOW, observe: () => undefined, skewSeconds: () => 0, hasPassed: () => false },
    stateKey,
  });
}
const seenSize = () => parseCheckpoint(witness.seen ?? '').size;
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error) => error.damage ?? error.error?.kind ?? error,
  );

beforeEach(async () => {
  disk = new MemoryDisk();
  central = await SimCentral.make();
  await start();
  await log.append('session-started');
});

describe('an honest central', () => {
  it('cosigns what it holds; what it showed is on the disk before its word counts', async () => {
    await witness.exchange();
    expect(central.held.map(({ action }) => action)).toEqual(['session-started']);
    expect(log.status()).toMatchObject({ cosigned: { size: 1 }, central: { size: 1 }, intact: true });
    expect(disk.afterCut().bytes('central-seen.json')).toBeDefined();
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
    const trust = { devicePublicKey: spki, witnessKey: verifierKey(central.cosigner) };
    expect(await verifyAuditProof(await log.prove(0), trust)).toEqual({ ok: true, cosignedAt: NOW });
  });
  it('is followed over restarts, other counters between', async () => {
    for (let i = 0; i < 4; i++) {
      await log.append('session-started');
      await witness.exchange();
      central.write(i * 3);
      await log.close();
      await start();
      await log.append('core-started');
    }
    await witness.exchange();
    expect(seenSize()).toBe(central.events.length);
    expect(log.status().intact).toBe(true);
  });
  it('is told once what keys it has, in the log', async () => {
    await witness.exchange();
    await log.append('session-ended');
    await witness.exchange();
    const adopted = await log.page({ action: 'witness-adopted', limit: 9 });
    expect(adopted.entries.map(({ facts }) => facts)).toEqual([
      { witness: toHex(central.cosigner.id), log: toHex(central.log.id) },
    ]);
    expect(central.calls.filter((name) => name === 'auditWitness')).toHaveLength(1);
  });
  it('may change its keys by a newer document, and is held to what it showed under the old ones', async () => {
    await witness.exchange();
    const old = await central.witness();
    const other = await SimCentral.make();
    central.cosigner = other.cosigner;
    central.log = other.log;
    await log.append('session-started');
    // The same date: not a newer document.
    expect(await failure(witness.exchange())).toBe('central-untrusted');
    const newer = await central.witness({ validFrom: '2026-06-01T00:00:00.000Z' });
    Object.assign(central, { witness: async () => newer });
    await witness.exchange();
    expect(log.status()).toMatchObject({ intact: true });
    expect((await log.page({ action: 'witness-adopted', limit: 9 })).entries).toHaveLength(2);
    await log.close();
    await start();
    await log.append('core-started');
    await witness.exchange();
    expect(witness.document).toEqual(newer);
    // A replay of the old document brings nothing back; a rewritten log is found out under new keys as well.
    Object.assign(central, { witness: async () => old });
    central.events[0] = 'another story';
    await log.append('session-started');
    expect(await failure(witness.exchange())).toBe('central-rewritten');
  });
  it('may sign the same keys again, with a renewed certificate: who has them goes on as before', async () => {
    await witness.exchange();
    const old = witness.document;
    const renewed = await central.witness({ validFrom: '2026-06-01T00:00:00.000Z' });
    Object.assign(central, { witness: async () => renewed });
    for (let restart = 0; restart < 2; restart++) {
      await log.append('session-started');
      await witness.exchange();
      expect(witness.document).toEqual(old);
      await log.close();
      await start();
    }
    expect((await log.page({ action: 'witness-adopted', limit: 9 })).entries).toHaveLength(1);
    // Keys that are really others come with a document that is newer than both.
    const other = await SimCentral.make();
    central.cosigner = other.cosigner;
    const newest = await SimCentral.prototype.witness.call(central, {
      validFrom: '2026-07-01T00:00:00.000Z',
    });
    Object.assign(central, { witness: async () => newest });
    await log.append('session-started');
    await witness.exchange();
    expect(witness.document).toEqual(newest);
    expect(log.status()).toMatchObject({ intact: true });
  });
  it('is asked once by all who ask while an exchange is under way, and that one covers what was written since', async () => {
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    central.change = async (answer) => {
      await held;
      return answer;
    };
    log.setWitness(() => witness.exchange());
    const first = witness.exchange();
    // Its checkpoint is on the way: it says nothing of an entry that is written now.
    await vi.waitUntil(() => central.calls.includes('auditCheckpoint'));
    const { seq } = await log.append('lookup-answered');
    const proofs = [log.prove(seq, 60_000), log.prove(seq, 60_000), log.prove(seq, 60_000)];
    go();
    await first;
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
    const trust = { devicePublicKey: spki, witnessKey: verifierKey(central.cosigner) };
    for (const proof of await Promise.all(proofs)) {
      expect(await verifyAuditProof(proof, trust)).toEqual({ ok: true, cosignedAt: NOW });
    }
    expect(central.calls.filter((name) => name === 'auditCheckpoint')).toHaveLength(2);
    // What central holds is asked once: after that its answers say so.
    expect(central.calls.filter((name) => name === 'auditHead')).toHaveLength(1);
  });
  it('is asked again where a proof was to be cosigned and the line broke', async () => {
    let calls = 0;
    log.setWitness(async () => {
      calls += 1;
      if (calls === 1) throw new Failure('central-unreachable', { detail: 'ECONNRESET' });
      await witness.exchange();
    });
    expect(parseCheckpoint((await log.prove(0)).checkpoint).note.signatures).toHaveLength(2);
  });
  it('is not asked again for what it has cosigned', async () => {
    await witness.exchange();
    await witness.exchange();
    const { length } = central.calls.filter((name) => name === 'auditCheckpoint');
    await witness.exchange();
    expect(central.calls.filter((name) => name === 'auditCheckpoint')).toHaveLength(length);
  });
});

describe('a central that rewrites', () => {
  beforeEach(async () => {
    central.write(3);
    await witness.exchange();
    await log.append('session-started');
  });
  const condemned = async () => {
    expect(await failure(log.append('session-started'))).toBe('audit-failed');
    expect(log.status().intact).toBe(false);
    await log.close();
    // At the next start too.
    expect(await failure(openLog(disk))).toMatch(/^central-/);
  };

  it('its own log is found out, and nobody is served; both notes are kept', async () => {
    const before = witness.seen;
    central.events[1] = 'another story';
    expect(await failure(witness.exchange())).toBe('central-rewritten');
    expect(witness.seen).toBe(before);
    expect(Buffer.from(disk.bytes(DISPUTE) ?? []).toString()).toContain(JSON.stringify(before).slice(1, -1));
    await condemned();
  });
  it('by taking entries away is found out', async () => {
    central.events.splice(0, 4);
    expect(await failure(witness.exchange())).toBe('central-rewritten');
    await condemned();
  });
  it('by showing an old head is found out', async () => {
    const old = central.tree();
    central.change = async (answer) => ({
      ...answer,
      log: { ...answer.log, checkpoint: await central.sign(old, 2), consistency: [] },
    });
    expect(await failure(witness.exchange())).toBe('central-rewritten');
    await condemned();
  });
  it('by another head of the same size is found out', async () => {
    const other = central.tree(['a', 'b', 'c', 'd']);
    central.change = async (answer) => ({
      ...answer,
      log: { ...answer.log, checkpoint: await central.sign(other), consistency: [] },
    });
    expect(await failure(witness.exchange())).toBe('central-rewritten');
    await condemned();
  });
  it("by leaving this counter's checkpoint out is found out", async () => {
    central.change = ({ checkpoint, log: proof }) => ({ checkpoint, log: { ...proof, index: 0 } });
    expect(await failure(witness.exchange())).toBe('central-proof');
    await condemned();
  });
  it('by writing something else about it is found out', async () => {
    central.change = async (answer) => {
      const event = answer.log.event.replace('"size":3', '"size":2');
      expect(event).not.toBe(answer.log.event);
      const events = [...central.events.slice(0, -1), event];
      const tree = central.tree(events);
      const index = events.length - 1;
      return {
        ...answer,
        log: {
          checkpoint: await central.sign(tree),
          consistency: tree.consistency(seenSize()).map(toHex),
          event,
          index,
          inclusion: tree.inclusion(index).map(toHex),
        },
      };
    };
    expect(await failure(witness.exchange())).toBe('central-proof');
    await condemned();
  });
  it("this counter's entries is found out", async () => {
    const [first] = central.held;
    if (!first) throw new Error('no entry');
    central.held[central.held.length - 1] = { ...first, facts: { forged: true } };
    await log.append('session-ended');
    expect(await failure(witness.exchange())).toBe('central-chain');
    await condemned();
  });
  it("by holding more of this counter's entries than were ever made is found out", async () => {
    const [first] = central.held;
    if (!first) throw new Error('no entry');
    for (let i = 0; i < 5; i++) central.held.push(first);
    expect(await failure(witness.exchange())).toBe('central-chain');
    await condemned();
  });
  it('and has kept what it showed: a counter that starts anew holds it to that', async () => {
    await log.close();
    await start();
    await log.append('session-started');
    central.events[0] = 'another story';
    expect(await failure(witness.exchange())).toBe('central-rewritten');
  });
});

describe('a counter that rewrites', () => {
  it('is told so by central, and serves nobody', async () => {
    await witness.exchange();
    await log.append('session-started');
    const { call } = central;
    Object.assign(central, {
      call: async (name: string, options?: { body?: unknown }) => {
        if (name === 'auditCheckpoint') throw new Failure('audit-failed', { detail: 'fork at size 2' });
        return call(name, options);
      },
    });
    witness = await watch();
    expect(await failure(witness.exchange())).toBe('central-chain');
    expect(log.status().intact).toBe(false);
  });
  it('by taking back its whole profile is found out as soon as central is heard', async () => {
    const old = disk.afterCut();
    await witness.exchange();
    await log.append('session-ended');
    await witness.exchange();
    await log.close();
    disk = old;
    await start();
    expect(await failure(witness.exchange())).toBe('central-chain');
  });
  it('by damaging what it has seen of central is not started, nor by deleting it', async () => {
    await witness.exchange();
    const seen = disk.bytes('central-seen.json') ?? new Uint8Array();
    const damaged = [undefined, utf8('{'), ...[40, 200, seen.length - 20].map((at) => seen.with(at, 0x41))];
    for (const bytes of damaged) {
      disk.tamper('central-seen.json', () => bytes as typeof seen | undefined);
      expect(await failure(watch())).toBe('checkpoints-altered');
    }
    disk.tamper('central-seen.json', () => seen);
    expect((await watch()).seen).toBe(witness.seen);
  });
  it('is compared with central once a run before anybody works on it', async () => {
    const old = disk.afterCut();
    await witness.exchange();
    await log.append('session-ended');
    await witness.exchange();
    await witness.confirmed();
    const asked = central.calls.length;
    await witness.confirmed();
    expect(central.calls).toHaveLength(asked);
    await log.close();
    disk = old;
    await start();
    expect(await failure(witness.confirmed())).toBe('central-chain');
    expect(log.status().intact).toBe(false);
  });
});

describe('an answer that nobody vouches for', () => {
  const cosignedBy = async (name: string) => {
    const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    if (!('publicKey' in keys)) throw new Error('no pair');
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
    return {
      ...(await noteKey(name, name === CENTRAL_ORIGIN ? 'ed25519' : 'cosignature', raw)),
      privateKey: keys.privateKey,
    };
  };
  it.each([
    [
      'a cosignature of another key',
      async () => {
        const stranger = await cosignedBy(WITNESS_NAME);
        central.change = async (answer) => {
          const { text } = parseNote(answer.checkpoint);
          const line = await signNote(text, stranger, NOW);
          return {
            ...answer,
            checkpoint: `${text}\n— ${line.name} ${Buffer.concat([line.id, line.signature]).toString('base64')}\n`,
          };
        };
      },
    ],
    [
      'a cosignature of its key that does not hold',
      async () => {
        central.change = (answer) => {
          const note = parseNote(answer.checkpoint);
          const bad = Buffer.concat([central.cosigner.id, randomBytes(72)]).toString('base64');
          return { ...answer, checkpoint: `${note.text}\n— ${WITNESS_NAME} ${bad}\n` };
        };
      },
    ],
    [
      'no cosignature',
      async () => {
        let sent = '';
        const { call } = central;
        Object.assign(central, {
          call: async (name: string, options?: { body?: { checkpoint: string } }) => {
            if (name === 'auditCheckpoint') sent = options?.body?.checkpoint ?? '';
            return call(name, options);
          },
        });
        central.change = (answer) => ({ ...answer, checkpoint: sent });
        witness = await watch();
      },
    ],
    [
      'a cosigned note of other text',
      async () => {
        central.change = (answer) => ({
          ...answer,
          checkpoint: answer.checkpoint.replace('counter-0001\n', 'counter-0002\n'),
        });
      },
    ],
    [
      'a head that another key signed',
      async () => {
        central.log = { ...(await cosignedBy(CENTRAL_ORIGIN)), id: central.log.id };
      },
    ],
    [
      'keys that are not in its certificate’s name',
      async () => {
        const stranger = await SimCentral.make();
        Object.assign(central, { witness: () => stranger.witness() });
      },
    ],
    [
      'keys of another type',
      async () => {
        const signed = await central.witness({ witnessKey: verifierKey(central.log) });
        Object.assign(central, { witness: async () => signed });
      },
    ],
  ])(
    '%s is not taken, and does not stop the counter: it may come from anybody on the way',
    async (_, spoil) => {
      await spoil();
      expect(await failure(witness.exchange())).toBe('central-untrusted');
      expect(log.status()).toMatchObject({ intact: true, cosigned: undefined });
      await log.append('session-started');
    },
  );
  it('without central the log goes on', async () => {
    const offline = async () => {
      throw new Failure('central-unreachable');
    };
    witness = await createWitness({
      log,
      files: disk,
      connection: { call: offline as Connection['call'], trusted: [] },
      clock: { now: () => NOW, observe: () => undefined, skewSeconds: () => 0, hasPassed: () => false },
      stateKey,
    });
    expect(await failure(witness.exchange())).toBe('central-unreachable');
    await log.append('session-started');
    expect(log.status()).toMatchObject({ size: 2, intact: true });
  });
});
