/** Logs that were cut, or kept twice. */
import { fromUtf8, toBase64, utf8 } from '../../../shared/canonical/bytes.ts';
import type { Receipt } from '../../../shared/domain/receipt.ts';
import { reseal } from '../mutations.ts';
import type { Forge } from '../visit.ts';
import { type Forgery, forgery, receipt, type Scene } from './scene.ts';

/** Told by whoever reads the whole log: the program does not. */
const logged = (name: string, forge: Forge): Forgery =>
  forgery('visit in log', name, { log: true, forge }, false);

/** Changes to the signature lines of a head, which no signature covers. */
const lines: Record<string, (lines: string[]) => string[]> = {
  'with a line of a stranger': (own) => [
    ...own,
    `— regulator.example/approved ${toBase64(utf8('approved'))}`,
  ],
  'with a line of a stranger first': (own) => [`— a/b ${toBase64(utf8('anything'))}`, ...own],
  'with its lines exchanged': (own) => own.toReversed(),
  'with a line twice': (own) => [...own, ...own.slice(1)],
};
type Lines = (typeof lines)[string];

function relined(note: string, change: Lines): string {
  const end = note.lastIndexOf('\n\n') + 2;
  return `${note.slice(0, end)}${change(note.slice(end, -1).split('\n')).join('\n')}\n`;
}

/** Both heads in the receipt, and the file beside it, signed anew by the counter. */
const heads =
  (change: Lines): NonNullable<Scene['after']> =>
  async (files, counter, house) => {
    const signed = await receipt((it) => {
      const { audit, report } = it as unknown as Receipt;
      audit.checkpoint = relined(audit.checkpoint, change);
      if (report) report.audit.checkpoint = relined(report.audit.checkpoint, change);
    })(files, counter, house);
    const { audit }: Receipt = JSON.parse(fromUtf8(signed['receipt.json'] ?? new Uint8Array()));
    return reseal({ ...signed, checkpoint: utf8(audit.checkpoint) }, counter.signer);
  };

export const log: readonly Forgery[] = [
  ...Object.entries(lines).flatMap(([name, change]) => [
    forgery('audit', `heads ${name}`, { after: heads(change) }),
    forgery(
      'audit.jsonl',
      `the head of the whole log ${name}`,
      {
        log: true,
        after: async (files) => {
          const head = fromUtf8(files['audit.checkpoint'] ?? new Uint8Array());
          return { ...files, 'audit.checkpoint': utf8(relined(head, change)) };
        },
      },
      false,
    ),
  ]),
  forgery('audit', 'a cosignature under another name', { house: { witnessName: 'somebody/else' } }),
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
