/** The cases that a log says are kept. */
import { beforeEach, describe, expect, it } from 'vitest';
import { heldFollower, loggedCase } from '../../../../electron/gate/held/follower.ts';
import type { AuditEntry } from '../../../../shared/domain/audit.ts';
import { CONSENT, HASH, Machine, SESSION, UNTIL } from './scene.ts';

const CASE = '0192f3aa-0000-7000-8000-00000000000f';
const facts = {
  case: CASE,
  until: UNTIL,
  consentHash: HASH,
  rows: 3,
  key: 'a'.repeat(64),
  secrets: 'b'.repeat(64),
};
const fields = { sessionId: SESSION, staffId: '1024', consentId: CONSENT };

let machine: Machine;
let begun: AuditEntry;
beforeEach(async () => {
  machine = new Machine();
  begun = await machine.note('records-held', { ...fields, facts });
});

function followed(entries: readonly AuditEntry[]) {
  const follower = heldFollower();
  for (const entry of entries) follower.see(entry);
  return { held: follower.held().map(({ caseId }) => caseId), ended: [...follower.ended().keys()], follower };
}

describe('the log', () => {
  it('says what is kept, under which consent, until when, and which files', () => {
    expect(loggedCase(begun)).toMatchObject({
      caseId: CASE,
      consentId: CONSENT,
      consentHash: HASH,
      until: UNTIL,
      hashes: { key: facts.key, file: facts.secrets },
      sessionId: SESSION,
    });
    expect(followed([begun])).toMatchObject({ held: [CASE], ended: [] });
  });

  it('says that it is gone, and why', async () => {
    const gone = await machine.note('keys-destroyed', {
      ...fields,
      facts: { reason: 'withdrawn', case: CASE },
    });
    const { held, follower } = followed([begun, gone]);
    expect(held).toEqual([]);
    expect(follower.ended().get(CASE)).toMatchObject({ ending: 'withdrawn', entry: gone });
  });

  it('says nothing of it by an entry of another kind, of another case, or of a visit', async () => {
    const other = await Promise.all([
      machine.note('held-opened', { ...fields, facts: { case: CASE } }),
      machine.note('held-damaged', { ...fields, facts: { case: CASE } }),
      machine.note('keys-destroyed', { ...fields, facts: { reason: 'visit-ended' } }),
      machine.note('keys-destroyed', { ...fields, facts: { reason: 'expired', case: SESSION } }),
    ]);
    expect(followed([begun, ...other])).toMatchObject({ held: [CASE], ended: [] });
  });

  it.each([
    ['no case', { case: 'x' }],
    ['no date', { until: 'soon' }],
    ['no hash', { key: 'x' }],
  ])('counts an entry with %s for nothing', async (_, change) => {
    const entry = await machine.note('records-held', { ...fields, facts: { ...facts, ...change } });
    expect(loggedCase(entry)).toBeUndefined();
  });
});
