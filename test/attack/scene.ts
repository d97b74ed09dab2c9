/** The running system that is attacked: central, counter, both windows; and what an attack must leave as it was. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from '../../shared/canonical/hash.ts';
import { canonicalJson } from '../../shared/canonical/json.ts';
import type { PlaneApi } from '../../shared/contract/contract.ts';
import type { Central } from '../central/service.ts';
import { auditOf, type Counter, type CounterOptions, openCounter } from '../e2e/support/counter.ts';
import { type Plan, people, playTo, type Stage } from '../e2e/support/visit.ts';

export const ZHANG = '13900010001';
export const LI = '13900010002';

/** Marks every text and password of the demo, so that a search finds where they went. */
export const SENTINEL = 'ZQATTACK';

/** A counter with a clerk signed in and a visit played to a stage. */
export async function openVisit(
  stage: Stage | 'idle',
  options: CounterOptions = {},
  plan: Plan = { number: ZHANG },
): Promise<Counter> {
  const counter = await openCounter(options);
  try {
    await people(counter).clerk.signIn();
    if (stage !== 'idle') await playTo(counter, stage, plan);
    return counter;
  } catch (error) {
    await counter.close();
    throw error;
  }
}

/** What central holds and has given out, as one line. An attack that is refused changes none of it. */
export async function centralState({ context: { db } }: Central): Promise<string> {
  const count = async (table: 'consents' | 'lookups' | 'cases' | 'early_ends' | 'devices') =>
    Number(
      (
        await db
          .selectFrom(table)
          .select((e) => e.fn.countAll<string>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    );
  const answered = await db
    .selectFrom('access_log')
    .select((e) => e.fn.countAll<string>().as('n'))
    .where('outcome', '=', 'answered')
    .where('action', '!=', 'enrol')
    .executeTakeFirstOrThrow();
  const ended = await db
    .selectFrom('consents')
    .select((e) => e.fn.countAll<string>().as('n'))
    .where('ended_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return [
    `consents ${await count('consents')}`,
    `ended ${ended.n}`,
    `early ends ${await count('early_ends')}`,
    `lookups ${await count('lookups')}`,
    `cases ${await count('cases')}`,
    `devices ${await count('devices')}`,
    `answered ${answered.n}`,
  ].join(', ');
}

/** Where both windows stand by the core's word, which no drawing lags behind; how many there are, what central holds. */
export async function counterState(counter: Counter): Promise<string> {
  const phase = (page: Counter['staff']) =>
    page.evaluate(async () => {
      const { zhiqing } = window as unknown as { zhiqing: PlaneApi<'staff'> };
      const view = await zhiqing.call('getView', {});
      if (!view.ok) throw new Error(view.error.kind);
      const { phase: visit, withdrawal } = view.value;
      return withdrawal ? `withdrawal.${withdrawal.phase}` : visit;
    });
  return [
    `staff ${await phase(counter.staff)}`,
    `customer ${await phase(counter.customer)}`,
    `windows ${counter.app.windows().length}`,
    await centralState(counter.central),
  ].join(', ');
}

/** The kiosk's audit log: every line canonical, numbered and chained. @throws when there is a gap or a break */
export async function auditHolds(kiosk: string): Promise<number> {
  const text = await readFile(join(kiosk, 'audit', 'audit.jsonl'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  let previous = '0'.repeat(64);
  for (const [i, line] of lines.entries()) {
    const entry: unknown = JSON.parse(line);
    if (canonicalJson(entry) !== line) throw new Error(`audit line ${i + 1} is not canonical`);
    const { seq, previous: named } = entry as { seq: number; previous: string };
    if (seq !== i || named !== previous) throw new Error(`audit chain breaks at line ${i + 1}`);
    previous = await hashOf(entry);
  }
  return lines.length;
}

/** How often an action stands in the kiosk's log. */
export async function logged(kiosk: string, action: string): Promise<number> {
  return (await auditOf(kiosk)).filter((entry) => entry.action === action).length;
}
