import { describe, expect, it } from 'vitest';
import { readAccesses } from '../../../electron/gate/read-accesses.ts';
import { VisitSecrets } from '../../../electron/gate/visit-secrets.ts';
import { contract } from '../../../shared/contract/contract.ts';
import { names } from '../../../shared/contract/names.ts';
import type { AccessPage } from '../../../shared/domain/accesses.ts';
import { Failure, toAppError } from '../../../shared/domain/errors.ts';
import { emptyContext, type VisitContext, type VisitPhase } from '../../../shared/session/machine.ts';

type Options = Parameters<typeof readAccesses>[0];

const sessionId = '0192f3aa-0000-7000-8000-000000000001';
const assertionId = '0192f3aa-0000-7000-8000-000000000002';
const page: AccessPage = { entries: [], total: 0, refused: 0, unreported: [] };

async function visit(
  options: {
    phase?: VisitPhase;
    passed?: boolean;
    holder?: 'both' | 'staff' | 'customer';
    /** What central does; may end the visit meanwhile. */
    answer?: (secrets: VisitSecrets) => AccessPage;
    auditFails?: boolean;
    representation?: VisitContext['representation'];
  } = {},
) {
  const { phase = 'serving.question', passed = true, holder = 'both', auditFails = false } = options;
  const secrets = await VisitSecrets.create(sessionId);
  if (passed) {
    const verifiedAt = '2026-11-22T01:00:00.000Z';
    secrets.assertion = { assertionId, subscriber: '13900000001', name: '张三', verifiedAt };
  }
  /** What happened, in order. */
  const done: unknown[] = [];
  const session = {
    phase,
    secrets,
    context: {
      ...emptyContext,
      sessionId,
      staffId: '1024',
      ...(options.representation ? { representation: options.representation } : {}),
    },
    touch: () => undefined,
  };
  const given: Options = {
    session,
    screen: { current: { mode: holder === 'both' ? 'dual' : 'handover', holder } },
    pseudonym: () => 'a'.repeat(64),
    connection: {
      call: (async (name: string, input: unknown) => {
        done.push([name, input]);
        return options.answer?.(secrets) ?? page;
      }) as Options['connection']['call'],
      identity: () => {
        throw new Error('not used');
      },
      trusted: [],
    },
    audit: {
      append: (async (action: string, fields: { facts?: object } = {}) => {
        if (auditFails) throw new Failure('audit-failed');
        done.push([action, fields.facts]);
      }) as unknown as Options['audit']['append'],
    },
  };
  return { given, done, secrets };
}

const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => toAppError(error).kind,
  );

describe('who looked at me, in the core', () => {
  it('is asked with the check of this visit, logged, then answered', async () => {
    const { given, done } = await visit();
    expect(await readAccesses(given, { refusedOnly: true })).toBe(page);
    expect(done).toEqual([
      ['accesses', { params: { assertionId }, body: { sessionId, limit: 50, refusedOnly: true } }],
      ['accesses-viewed', { page: 'first', refusedOnly: true, entries: 0 }],
    ]);
  });

  it('needs no consent to a lookup, and goes on where the page before ended', async () => {
    for (const phase of [
      'serving.ticks',
      'serving.signature',
      'serving.reading',
      'serving.receipt',
    ] as const) {
      const { given, done } = await visit({ phase });
      await readAccesses(given, { cursor: 'abc', refusedOnly: false });
      expect(done[0]).toMatchObject(['accesses', { body: { cursor: 'abc' } }]);
      expect(done[1]).toMatchObject(['accesses-viewed', { page: 'further' }]);
    }
  });

  it('is refused before identity, after the end, and while staff have the display; each with one entry', async () => {
    const cases = [
      { passed: false },
      { passed: false, phase: 'serving.identity.entering' },
      { phase: 'idle' },
      { phase: 'closing' },
      { phase: 'ended' },
      { phase: 'serving.finishing' },
      { phase: 'serving.followUp' },
      { phase: 'serving.reading', holder: 'staff' },
    ] as const;
    for (const one of cases) {
      const { given, done } = await visit(one);
      expect(await kindOf(readAccesses(given, { refusedOnly: false })), JSON.stringify(one)).toBe(
        'wrong-state',
      );
      expect(done).toEqual([['accesses-denied', { page: 'first', kind: 'wrong-state' }]]);
    }
  });

  it('a guardian may, an agent or a relative may not', async () => {
    for (const kind of ['guardian', 'agent', 'relative'] as const) {
      const representation = { kind, name: '李四', documents: [] };
      const { given, done } = await visit({ representation });
      const answer = await kindOf(readAccesses(given, { refusedOnly: false }));
      expect([kind, answer]).toEqual([kind, kind === 'guardian' ? 'answered' : 'forbidden']);
      expect(done.map((one) => (one as string[])[0])).toEqual(
        kind === 'guardian' ? ['accesses', 'accesses-viewed'] : ['accesses-denied'],
      );
    }
  });

  it("central's refusal is logged and told", async () => {
    const { given, done } = await visit({
      answer: () => {
        throw new Failure('identity-expired');
      },
    });
    expect(await kindOf(readAccesses(given, { refusedOnly: false }))).toBe('identity-expired');
    expect(done.at(-1)).toEqual(['accesses-denied', { page: 'first', kind: 'identity-expired' }]);
  });

  it('a visit that ended meanwhile gets no answer', async () => {
    const { given, done } = await visit({
      answer: (secrets) => {
        secrets.destroy();
        return page;
      },
    });
    expect(await kindOf(readAccesses(given, { refusedOnly: false }))).toBe('wrong-state');
    expect(done.map((one) => (one as string[])[0])).toEqual(['accesses', 'accesses-denied']);
  });

  it('no entry on the disk, no answer', async () => {
    const { given } = await visit({ auditFails: true });
    expect(await kindOf(readAccesses(given, { refusedOnly: false }))).toBe('audit-failed');
  });

  it('the staff plane has no such command', () => {
    expect(Object.keys(contract.staff.commands)).not.toContain('accesses');
    expect(names.staff.commands).not.toContain('accesses');
    expect(names.customer.commands).toContain('accesses');
  });
});
