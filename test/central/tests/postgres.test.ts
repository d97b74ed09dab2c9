/** The same service on a PostgreSQL server: what the embedded one shows in every other test. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startCentral } from '../service.ts';
import { describeOnServer, openTestDatabase } from './server.ts';
import { askFor, giveConsent, openCounter, QIAN } from './visit.ts';

describeOnServer('on a PostgreSQL server', () => {
  test('a visit', async () => {
    const database = await openTestDatabase();
    try {
      const central = await startCentral({ database: database.url });
      try {
        const counter = await openCounter(central, 'counter-0001');
        const request = askFor(QIAN);
        const { consentId, body } = await giveConsent(counter, request);
        const again = () => counter.call('submitConsent', { params: { consentId }, body });
        expect(await again()).toEqual(await again());
        const lookup = { lookupId: randomUUID(), consentId, request };
        const answers = await Promise.all([1, 2, 3].map(() => counter.call('lookup', { body: lookup })));
        expect(answers[0]?.manifest.document.rows).toBe(20_000);
        expect(answers[1]).toEqual(answers[0]);
        expect(answers[2]).toEqual(answers[0]);
        const refusals = await Promise.all(
          Array.from({ length: 8 }, () =>
            counter.refused('signIn', { body: { staffId: '1025', pin: '000000' }, token: undefined }),
          ),
        );
        expect(refusals.filter(({ kind }) => kind === 'sign-in-refused')).toHaveLength(5);
        await counter.call('endConsent', {
          params: { consentId },
          body: { reason: 'visit-ended', at: new Date().toISOString() },
        });
        const refusal = await counter.refused('lookup', { body: lookup });
        expect(refusal.kind).toBe('consent-expired');
      } finally {
        await central.close();
      }
    } finally {
      await database.close();
    }
  });
});
