/** Folders that holders of real keys made: every hash, signature and proof fits, and what they state cannot be. */
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { signPdf } from '../../electron/evidence/sign-pdf.ts';
import { concat, fromUtf8, utf8 } from '../../shared/canonical/bytes.ts';
import type { ConsentRecord } from '../../shared/domain/consent.ts';
import { type Counter, type House, type HouseOptions, makeHouse } from './house.ts';
import { reseal, resign } from './mutations.ts';
import { tinyPdf } from './tiny-pdf.ts';
import { AT, type Forge, makeVisit } from './visit.ts';

export interface Forgery {
  readonly name: string;
  /** Name of the check of `npm run verify` that tells it. */
  readonly told: string;
  /** Whether docs/verify.py tells it too. docs/verify.md says which rules it leaves out. */
  readonly python: boolean;
  readonly make: () => Promise<EvidenceFiles>;
}

const HOUR = 3_600_000;
const MONTH = 30 * 24 * HOUR;
const later = (text: string, by: number): string => new Date(Date.parse(text) + by).toISOString();

interface Scene {
  readonly house?: HouseOptions;
  /** Subject of the counter's certificate. */
  readonly subject?: string;
  readonly forge?: Forge;
  readonly log?: boolean;
  readonly after?: (files: EvidenceFiles, counter: Counter, house: House) => Promise<EvidenceFiles>;
}

async function play({ house: options = {}, subject, forge = {}, log, after }: Scene): Promise<EvidenceFiles> {
  const house = await makeHouse(AT, options);
  const counter = await house.counter('counter-0001', subject);
  const files = await makeVisit(house, counter, { forge, log: log === true });
  return after ? after(files, counter, house) : files;
}

/** The scene without any change: what is found is the forgery, and nothing else. */
export const untouched = (log: boolean): Promise<EvidenceFiles> => play({ log });

function forgery(told: string, name: string, scene: Scene, python = true): Forgery {
  return { name, told, python, make: () => play(scene) };
}

type Receipt = { report?: Record<string, unknown>; madeAt: string } & Record<string, unknown>;

/** The receipt is changed and signed anew by the counter, in the second that it then states. */
const receipt =
  (change: (document: Receipt) => void, late = 0): NonNullable<Scene['after']> =>
  async (files, counter) => {
    const document = JSON.parse(fromUtf8(files['receipt.json'] ?? new Uint8Array()));
    change(document);
    const at = new Date(Date.parse(document.madeAt) + late);
    return resign(files, 'receipt', document, counter.signer, at);
  };

/** A paper of the counter's own, put in its place and named by the receipt. */
const paper =
  (name: string, reason: string, late: number): NonNullable<Scene['after']> =>
  async (files, counter) => {
    const at = new Date(AT + 120_000 + late);
    const pdf = await signPdf(tinyPdf('Three records'), counter.signer, reason, at);
    return reseal({ ...files, [name]: pdf }, counter.signer);
  };

const party = (record: ConsentRecord, role: string) => {
  const found = record.parties.find((one) => one.role === role);
  if (!found) throw new TypeError(`no ${role}`);
  return found;
};

const consent = (name: string, change: (record: ConsentRecord) => void, told: string, python = true) =>
  forgery(told, name, { forge: { consent: change } }, python);

/** The true root first, the stranger's second, and everything signed by the stranger. */
async function twoRoots(order: 'first' | 'second'): Promise<EvidenceFiles> {
  const { rootPem } = await makeHouse(AT);
  return play({
    after: (files, { signer }, house) => {
      const blocks = order === 'first' ? rootPem + house.rootPem : house.rootPem + rootPem;
      return reseal({ ...files, 'ca.pem': utf8(blocks) }, signer);
    },
  });
}

export const trust: readonly Forgery[] = [
  {
    name: "the published root before the forger's",
    told: 'ca.pem',
    python: true,
    make: () => twoRoots('first'),
  },
  { name: 'another root behind the own one', told: 'ca.pem', python: true, make: () => twoRoots('second') },
  ...(
    [
      ['a remark before the root', (pem: string) => `remark\n${pem}`],
      ['a root in CR LF', (pem: string) => pem.replaceAll('\n', '\r\n')],
      ['a root in lines of 76', (pem: string) => pem.replace(/\n(.{12})(?=[^\n]*\n)/, '$1\n')],
      ['a line feed behind the root', (pem: string) => `${pem}\n`],
    ] as const
  ).map(([name, change]) =>
    forgery('ca.pem', name, {
      after: (files, { signer }, house) =>
        reseal({ ...files, 'ca.pem': utf8(change(house.rootPem)) }, signer),
    }),
  ),
  ...[
    'CN=counter-0001,OU=devices',
    'CN=counter-0001\\,OU\\=device,OU=x',
    'CN=counter-0001,OU=device,OU=other',
    'CN=counter-0001,OU=other,OU=device',
    'CN=counter-0001',
  ].map((subject) => forgery('receipt.p7s', `a counter called ${subject}`, { subject })),
  ...['CN=central,OU=centralised', 'CN=x\\,OU\\=central', 'CN=x,OU=central,OU=device'].map((centralSubject) =>
    forgery('acceptance.p7s', `central called ${centralSubject}`, { house: { centralSubject } }),
  ),
  forgery('parties', 'a counter of two names', { subject: 'CN=counter-0001,CN=counter-0002,OU=device' }),
  forgery('parties', "another counter's name in consent and log", { subject: 'CN=counter-0009,OU=device' }),
  consent(
    'another counter as party',
    (record) => {
      party(record, 'counter').id = 'counter-0002';
    },
    'parties',
  ),
];

export const times: readonly Forgery[] = [
  ...[-1, 0].map((far) =>
    forgery('cosigned', `a cosignature ${far === 0 ? 'of 1970' : 'an hour before'}`, {
      house: {
        cosignedAt: far === 0 ? 0 : AT - HOUR,
        witnessFrom: far === 0 ? AT - 24 * HOUR : AT - 2 * HOUR,
      },
    }),
  ),
  forgery('cosigned', 'a cosignature of 2040', { house: { cosignedAt: Date.UTC(2040, 0) } }),
  forgery('cosigned', 'a key of central that is valid from next year', {
    house: { witnessFrom: Date.UTC(2027, 0) },
  }),
  forgery('times', 'a consent signed a minute late', { forge: { late: { consent: 60_000 } } }),
  forgery('times', 'an acceptance signed an hour late', { forge: { late: { acceptance: HOUR } } }),
  forgery('times', 'a manifest signed an hour late', { forge: { late: { manifest: HOUR } } }),
  forgery('times', 'a receipt signed a month late', { after: receipt(() => undefined, MONTH) }),
  forgery('times', 'a receipt of before the consent', {
    after: receipt((it) => {
      it.madeAt = later(it.madeAt, -HOUR);
    }),
  }),
  forgery('times', 'a receipt of a month later', {
    after: receipt((it) => {
      it.madeAt = later(it.madeAt, MONTH);
    }),
  }),
  forgery('times', 'an answer logged before the consent', {
    forge: {
      entry: (it) => {
        if (it.action === 'lookup-answered') it.at = later(it.at ?? '', -2_000);
      },
    },
  }),
  forgery('times', 'an answer logged ten minutes late', {
    forge: {
      papersLate: 10 * 60_000,
      entry: (it) => {
        if (it.action === 'lookup-answered') it.at = later(it.at ?? '', 10 * 60_000);
      },
    },
    house: { cosignedAt: AT + 600_000 },
  }),
  forgery('times', 'a report logged after the receipt', {
    forge: {
      entry: (it) => {
        if (it.action === 'report-made') it.at = later(it.at ?? '', 60_000);
      },
    },
  }),
  forgery('times', 'a report printed half a year after it was logged', {
    forge: {
      entry: (it) => {
        if (it.action === 'report-made') it.at = later(it.at ?? '', -60_000);
      },
    },
  }),
  forgery('times', 'a paper receipt of half a year later', {
    after: paper('receipt.pdf', 'Receipt of a consent', 6 * MONTH),
  }),
  forgery('times', 'a paper receipt of half a year before', {
    after: paper('receipt.pdf', 'Receipt of a consent', -6 * MONTH),
  }),
  consent(
    'a scope of ten years',
    (record) => {
      record.scope.expiresAt = later(record.scope.expiresAt, 3_650 * 24 * HOUR);
      for (const event of record.events) event.validUntil = record.scope.expiresAt;
    },
    'times',
  ),
  forgery('acceptance.p7s', 'a time without milliseconds', {
    forge: {
      acceptance: (it) => {
        it.acceptedAt = it.acceptedAt.replace('.500Z', 'Z');
      },
    },
  }),
  forgery('acceptance.p7s', 'a time with an offset', {
    forge: {
      acceptance: (it) => {
        it.acceptedAt = it.acceptedAt.replace('Z', '+00:00');
      },
    },
  }),
];

export const contents: readonly Forgery[] = [
  consent(
    'another principal in the header',
    (it) => {
      it.header.principalId = '13900010002';
    },
    'parties',
  ),
  consent(
    'another principal among the parties',
    (it) => {
      party(it, 'principal').id = '13900010002';
    },
    'parties',
  ),
  consent(
    'given by a representative that there is not',
    (it) => {
      for (const event of it.events) event.by = 'representative';
    },
    'parties',
  ),
  consent(
    'another controller',
    (it) => {
      it.processing.controllers = ['somebody'];
    },
    'parties',
  ),
  consent(
    'other staff than the log',
    (it) => {
      party(it, 'staff').id = '2048';
    },
    'parties',
  ),
  consent(
    'another reason than the purpose',
    (it) => {
      it.processing.reason = 'nuisance';
    },
    'scope',
  ),
  consent(
    'other recipients',
    (it) => {
      it.processing.recipients = ['subject', 'everybody'];
    },
    'scope',
  ),
  consent(
    'staff as recipients without a release',
    (it) => {
      it.scope.recipients = ['subject', 'staff-released-rows'];
      it.processing.recipients = it.scope.recipients;
    },
    'scope',
    false,
  ),
  consent(
    'a category that is not among the information',
    (it) => {
      it.scope.categories = ['sms', 'call'];
    },
    'scope',
  ),
  consent(
    'a period that ends before it begins',
    (it) => {
      it.scope.period.from = '2026-11-23';
    },
    'scope',
  ),
  consent(
    'a period in the future',
    (it) => {
      it.scope.period.to = '2026-11-23';
    },
    'scope',
  ),
  consent(
    'a purpose twice',
    (it) => {
      const [first] = it.processing.purposes;
      if (first) it.processing.purposes.push(first);
    },
    'scope',
  ),
  consent(
    'a lookup that was not given',
    (it) => {
      for (const purpose of it.processing.purposes) if (purpose.purpose === 'lookup') purpose.given = false;
    },
    'scope',
  ),
  consent(
    'marketing that was not ticked',
    (it) => {
      for (const purpose of it.processing.purposes) if (purpose.purpose === 'marketing') purpose.given = true;
    },
    'shown',
  ),
  forgery('receipt.p7s', 'a receipt of another schema', {
    after: receipt((it) => {
      it.schema = 'zhiqing-receipt/2';
    }),
  }),
  forgery('receipt.p7s', 'a receipt with more in it', {
    after: receipt((it) => {
      it.more = 1;
    }),
  }),
  forgery('acceptance.p7s', 'an acceptance of another schema', {
    forge: {
      acceptance: (it) => {
        Object.assign(it, { schema: 'zhiqing-acceptance/2' });
      },
    },
  }),
  forgery('acceptance.p7s', 'an acceptance with more in it', {
    forge: {
      acceptance: (it) => {
        Object.assign(it, { more: 1 });
      },
    },
  }),
  forgery('scope', 'counts of a category that was not asked for', {
    forge: {
      manifest: (it) => {
        it.counts.byCategory = { sms: 2, call: 1 };
      },
    },
  }),
  forgery('manifest.json', 'counts that do not make up the rows', {
    forge: {
      manifest: (it) => {
        it.counts.sent = 2;
      },
    },
  }),
  forgery('manifest.json', 'pages that do not make up the rows', {
    forge: {
      manifest: (it) => {
        it.pages.content = [];
      },
    },
  }),
  forgery('manifest.json', 'another version of the policy', {
    forge: {
      manifest: (it) => {
        it.policyVersion = 7;
      },
    },
  }),
  forgery('scope', 'a receipt in another language', {
    after: receipt((it) => {
      it.language = 'en';
    }),
  }),
  forgery('receipt.pdf', 'a report as the printed receipt', {
    after: paper('receipt.pdf', 'Report on communication records', 0),
  }),
  forgery('receipt.p7s', 'a bag of a shape of its own', {
    after: async (files) => ({
      ...files,
      'receipt.p7s': concat(files['receipt.p7s'] ?? new Uint8Array(), new Uint8Array(1)),
    }),
  }),
  forgery('qr', 'a line feed behind the code', {
    after: receipt((it) => {
      it.qr = `${it.qr}\n`;
    }),
  }),
];

export const log: readonly Forgery[] = [
  ...(['keys-destroyed', 'session-ended'] as const).map((cutBefore) =>
    forgery('visit in log', `a log that ends before '${cutBefore}'`, { log: true, forge: { cutBefore } }),
  ),
  ...(
    ['receipt-made', 'consent-signed', 'consent-accepted', 'identity-passed', 'keys-destroyed'] as const
  ).map((action) =>
    forgery('visit in log', `a log without '${action}'`, { log: true, forge: { without: [action] } }),
  ),
  ...(['consent-signed', 'consent-accepted'] as const).map((action) =>
    forgery('visit in log', `'${action}' of another consent`, {
      log: true,
      forge: {
        entry: (it) => {
          if (it.action === action) it.facts = { consentHash: '0'.repeat(64) };
        },
      },
    }),
  ),
  forgery('visit in log', 'a receipt that was not logged', {
    log: true,
    forge: {
      entry: (it) => {
        if (it.action === 'receipt-made') it.facts = { ...it.facts, paperSha256: '0'.repeat(64) };
      },
    },
  }),
  forgery('visit in log', 'rows released without a tick', {
    log: true,
    forge: {
      entry: (it) => {
        if (it.action === 'report-saved') it.action = 'rows-released';
      },
    },
  }),
  forgery(
    'one log',
    'a proof that both heads are of one log, left out',
    {
      after: receipt((it) => {
        if (it.report) it.report.consistency = [];
      }),
    },
    false,
  ),
  forgery(
    'one log',
    'a report of another log',
    {
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
    },
    false,
  ),
];
