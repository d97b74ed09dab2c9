/** Logs that were cut, or kept twice. */
import { fromUtf8 } from '../../../shared/canonical/bytes.ts';
import type { Forge } from '../visit.ts';
import { type Forgery, forgery, receipt } from './scene.ts';

/** Told by whoever reads the whole log: the program does not. */
const logged = (name: string, forge: Forge): Forgery =>
  forgery('visit in log', name, { log: true, forge }, false);

export const log: readonly Forgery[] = [
  ...(['keys-destroyed', 'session-ended'] as const).map((cutBefore) =>
    logged(`a log that ends before '${cutBefore}'`, { cutBefore }),
  ),
  ...(
    ['receipt-made', 'consent-signed', 'consent-accepted', 'identity-passed', 'keys-destroyed'] as const
  ).map((action) => logged(`a log without '${action}'`, { without: [action] })),
  ...(['consent-signed', 'consent-accepted'] as const).map((action) =>
    logged(`'${action}' of another consent`, {
      entry: (it) => {
        if (it.action === action) it.facts = { consentHash: '0'.repeat(64) };
      },
    }),
  ),
  logged('a receipt that was not logged', {
    entry: (it) => {
      if (it.action === 'receipt-made') it.facts = { ...it.facts, paperSha256: '0'.repeat(64) };
    },
  }),
  logged('rows released without a tick', {
    entry: (it) => {
      if (it.action === 'report-saved') it.action = 'rows-released';
    },
  }),
  forgery('one log', 'a proof that both heads are of one log, left out', {
    after: receipt((it) => {
      if (it.report) it.report.consistency = [];
    }),
  }),
  forgery('one log', 'a report of another log', {
    after: async (files, counter, house) => {
      // The same counter keeps a second log, and shows this customer the end of that one.
      const { report } = JSON.parse(fromUtf8(files['receipt.json'] ?? new Uint8Array()));
      const twin = await counter.secondLog();
      for (let i = 0; i < report.audit.entry.seq; i++) await twin.append('accesses-viewed', {});
      const { seq: _, previous: _previous, ...fields } = report.audit.entry;
      const entry = await twin.append('report-made', fields);
      const audit = await twin.prove(entry.seq);
      return receipt((it) => {
        if (it.report) it.report.audit = audit;
      })(files, counter, house);
    },
  }),
];
