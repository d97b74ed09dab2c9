/** The core's side of a withdrawal against an invented central: entries, refusals, secrets, signatures. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditFields } from '../../../../electron/audit/writer.ts';
import { createScreenHolder } from '../../../../electron/gate/screen.ts';
import { WithdrawalSession } from '../../../../electron/gate/withdrawal/withdrawal-session.ts';
import { signDocument } from '../../../../shared/canonical/signed-document.ts';
import type { WithdrawalAction } from '../../../../shared/contract/withdrawal.ts';
import type { AuditAction } from '../../../../shared/domain/audit.ts';
import { type ErrorKind, Failure } from '../../../../shared/domain/errors.ts';
import type { StandingConsent, Withdrawal } from '../../../../shared/domain/withdrawal.ts';
import { type Identity, issue } from '../../../shared/canonical/certificates.ts';

const CODE = '7F3K-9QWE-2M4N-8XYZ';
const NUMBER = '13900010001';
const CONSENT = '8f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d';
const NOW = Date.parse('2026-11-22T02:00:00Z');
const consent: StandingConsent = {
  consentId: CONSENT,
  givenAt: '2026-11-22T01:00:00.000Z',
  hall: '人民路营业厅',
  maskedNumber: '139****0001',
  categories: ['sms'],
  period: { from: '2026-10-22', to: '2026-11-21' },
  purpose: 'own-copy',
  purposes: ['lookup', 'contact'],
  state: 'open',
};
let root: Identity;
let central: Identity;
let stranger: Identity;
beforeAll(async () => {
  root = await issue({ subject: 'CN=root,OU=root', ca: true });
  central = await issue({ subject: 'CN=central,OU=central', issuer: root });
  stranger = await issue({ subject: 'CN=counter-0002,OU=device', issuer: root });
});

interface Plan {
  /** Kind that a call fails with. */
  fails?: Partial<Record<string, ErrorKind>>;
  signer?: () => Identity;
  said?: Partial<Withdrawal>;
}

function setUp({ fails = {}, signer = () => central, said = {} }: Plan = {}) {
  const entries: { action: AuditAction; fields: AuditFields }[] = [];
  const calls: { name: string; body: unknown }[] = [];
  const answers: Record<string, (body: never) => unknown> = {
    standingConsents: () => ({ consents: [consent] }),
    challenge: () => ({ challengeId: CONSENT, proofs: ['service-password'], expiresAt: '', triesLeft: 5 }),
    prove: () => ({ assertionId: CONSENT, subscriber: NUMBER, name: '张三', verifiedAt: '' }),
    withdraw: async ({ withdrawalId }: { withdrawalId: string }) => {
      const document: Withdrawal = {
        schema: 'zhiqing-withdrawal/1',
        withdrawalId,
        consentId: CONSENT,
        consentHash: 'a'.repeat(64),
        whole: true,
        purposes: ['lookup', 'contact'],
        by: 'code',
        at: '2026-11-22T02:00:00.000Z',
        ...said,
      };
      const { keys, der } = signer();
      const identity = { privateKey: keys.privateKey, certificate: der };
      const withdrawal = await signDocument(document, identity, new Date(NOW));
      return { withdrawal, counters: [{ device: 'counter-0002', hall: '人民路营业厅', state: 'pending' }] };
    },
    withdrawalState: () => ({
      counters: [{ device: 'counter-0002', hall: '人民路营业厅', state: 'erased' }],
    }),
  };
  const session = new WithdrawalSession({
    connection: {
      trusted: [root.der],
      call: async (name: string, { body }: { body?: unknown } = {}) => {
        calls.push({ name, body });
        const kind = fails[name];
        if (kind) throw new Failure(kind, { triesLeft: 3 });
        return (await answers[name]?.(body as never)) as never;
      },
    },
    clock: { now: () => NOW },
    audit: {
      append: async (action: AuditAction, fields: AuditFields = {}) => {
        entries.push({ action, fields });
        return {} as never;
      },
    },
    pseudonym: () => 'f'.repeat(64),
    screen: createScreenHolder('dual'),
    presence: { idleSeconds: 60, lastCallSeconds: 20 },
  });
  const settled = (phase: string) => expect.poll(() => session.phase, { timeout: 10_000 }).toBe(phase);
  const act = async (phase: string, ...actions: WithdrawalAction[]) => {
    for (const action of actions) session.act(action);
    await settled(phase);
  };
  const actions = () => entries.map(({ action }) => action);
  return { session, entries, calls, act, actions, settled };
}

const toList: WithdrawalAction[] = [{ type: 'by-code' }, { type: 'code', code: CODE }];
const choose: WithdrawalAction = { type: 'choose', consentId: CONSENT, part: 'all' };

describe('a withdrawal in the core', () => {
  it('has one entry for each answer, and none holds code or number', async () => {
    const { session, act, actions, entries, settled } = setUp();
    expect(await session.start('1024', 'zh-CN')).toBe(true);
    expect(await session.start('1024', 'zh-CN')).toBe(false);
    await act('active.list', ...toList);
    await act('active.done', choose, { type: 'confirm' });
    expect(session.staffView()?.withdrawal?.result?.counters).toMatchObject([{ state: 'pending' }]);
    await act('ended', { type: 'finish' });
    expect(actions()).toEqual(['withdrawal-started', 'consent-withdrawn', 'withdrawal-ended']);
    expect(JSON.stringify(entries)).not.toContain(CODE);
    expect(JSON.stringify(entries)).not.toContain(NUMBER);
    expect(session.send({ type: 'ACKNOWLEDGE' })).toBe(true);
    await settled('idle');
    expect(session.active).toBe(false);
    session.stop();
  });

  it('in person: proofs pass through, the view holds the number masked', async () => {
    const { session, act, actions, calls } = setUp();
    await session.start('1024', 'zh-CN');
    await act('active.identity.entering', { type: 'by-identity' }, { type: 'number', subscriber: NUMBER });
    expect(JSON.stringify(session.customerView())).not.toContain(NUMBER);
    await act('active.list', { type: 'prove', proofs: { servicePassword: '258036' } });
    expect(actions()).toEqual(['withdrawal-started', 'identity-challenged', 'identity-passed']);
    expect(calls.find(({ name }) => name === 'challenge')?.body).toMatchObject({ about: 'withdrawal' });
    expect(JSON.stringify(session.customerView())).not.toContain('258036');
    session.stop();
  });

  it('a refusal is an entry too, with the tries left and nothing that was typed', async () => {
    const { session, act, entries } = setUp({ fails: { standingConsents: 'withdrawal-code-unknown' } });
    await session.start('1024', 'zh-CN');
    await act('active.code.entering', { type: 'by-code' }, { type: 'code', code: CODE });
    await expect.poll(() => entries.length).toBe(2);
    expect(entries[1]).toMatchObject({
      action: 'withdrawal-refused',
      fields: { facts: { step: 'find', kind: 'withdrawal-code-unknown', triesLeft: 3 } },
    });
    session.stop();
  });

  it.each([
    ['a counter', { signer: () => stranger }],
    ['somebody for another consent', { said: { consentId: '9f2b4c1e-5d6a-4f3b-9c8d-7e6f5a4b3c2d' } }],
    ['central for less than was asked', { said: { whole: false } }],
  ] satisfies [string, Plan][])('what is signed by %s is no withdrawal', async (_, plan) => {
    const { session, act, actions } = setUp(plan);
    await session.start('1024', 'zh-CN');
    await act('active.list', ...toList);
    await act('active.withdrawFailed', choose, { type: 'confirm' });
    expect(session.context.error?.kind).toBe('central-untrusted');
    expect(actions()).not.toContain('consent-withdrawn');
    session.stop();
  });

  it('asked again it is the same withdrawal', async () => {
    const plan: Plan = { fails: { withdraw: 'central-unreachable' } };
    const { session, act, calls, settled } = setUp(plan);
    await session.start('1024', 'zh-CN');
    await act('active.list', ...toList);
    await act('active.withdrawFailed', choose, { type: 'confirm' });
    session.act({ type: 'retry' });
    const asked = () => calls.filter(({ name }) => name === 'withdraw');
    await expect.poll(() => asked().length).toBe(2);
    await settled('active.withdrawFailed');
    const ids = asked().map(({ body }) => (body as { withdrawalId: string }).withdrawalId);
    expect(new Set(ids).size).toBe(1);
    // Given up now, it is called what it is.
    expect(session.send({ type: 'CANCEL' })).toBe(true);
    expect(session.context.outcome).toBe('unconfirmed');
    session.stop();
  });

  it('takes no step that is not of this moment, and none when none runs', async () => {
    const { session } = setUp();
    expect(() => session.act({ type: 'by-code' })).toThrow(Failure);
    await session.start('1024', 'zh-CN');
    for (const action of [choose, { type: 'confirm' }, { type: 'code', code: CODE }] as WithdrawalAction[]) {
      expect(() => session.act(action)).toThrow(Failure);
    }
    session.stop();
  });

  it('an end while the core stops is written down', async () => {
    const { session, actions } = setUp();
    await session.start('1024', 'zh-CN');
    await session.end(2_000);
    expect(actions().at(-1)).toBe('withdrawal-ended');
    session.stop();
  });
});
