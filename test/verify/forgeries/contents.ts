/** Documents that contradict each other. */
import { concat, randomBytes, toHex } from '../../../shared/canonical/bytes.ts';
import { nodeHash } from '../../../shared/canonical/merkle.ts';
import { consent, type Forgery, forgery, paper, party, receipt, strange } from './scene.ts';

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
    'two controllers',
    (it) => {
      it.processing.controllers.push('Broker Ltd');
      it.parties.push({ role: 'controller', type: 'organisation', id: 'Broker Ltd' });
    },
    'parties',
  ),
  strange('given twice', (it) => {
    it.events.push(...it.events);
  }),
  strange('an event that is no giving', (it) => {
    for (const event of it.events) Object.assign(event, { type: 'withdrawn' });
  }),
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
  forgery(
    'receipt.p7s',
    'a receipt with more in it',
    {
      after: receipt((it) => {
        it.more = 1;
      }),
    },
    false,
  ),
  forgery('acceptance.p7s', 'an acceptance of another schema', {
    forge: {
      acceptance: (it) => {
        Object.assign(it, { schema: 'zhiqing-acceptance/2' });
      },
    },
  }),
  forgery(
    'acceptance.p7s',
    'an acceptance with more in it',
    {
      forge: {
        acceptance: (it) => {
          Object.assign(it, { more: 1 });
        },
      },
    },
    false,
  ),
  forgery('scope', 'counts of a category that was not asked for', {
    forge: {
      manifest: (it) => {
        it.counts.byCategory = { sms: 2, call: 1 };
      },
    },
  }),
  forgery(
    'manifest.json',
    'counts that do not make up the rows',
    {
      forge: {
        manifest: (it) => {
          it.counts.sent = 2;
        },
      },
    },
    false,
  ),
  forgery(
    'manifest.json',
    'pages that do not make up the rows',
    {
      forge: {
        manifest: (it) => {
          it.pages.content = [];
        },
      },
    },
    false,
  ),
  forgery(
    'manifest.json',
    'pages that are not full before the last',
    {
      forge: {
        manifest: (it) => {
          const [a, b, c] = [randomBytes(32), randomBytes(32), randomBytes(32)];
          const page = (rows: number, i: number) => ({ page: i, rows, bytes: 900, sha256: toHex(a) });
          it.pageRoots = [a, b, c].map(toHex);
          it.merkleRoot = toHex(nodeHash(nodeHash(a, b), c));
          it.pages = { metadata: [1, 1, 1].map(page), content: [3].map(page) };
        },
      },
    },
    false,
  ),
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
  forgery('receipt.pdf', 'a receipt of two times', {
    after: paper('receipt.pdf', 'Receipt of a consent', 0, (text) =>
      text.replace('/SubFilter', '/M (D:20200101000000Z)\n/SubFilter'),
    ),
  }),
  forgery('receipt.pdf', 'a receipt of two reasons', {
    after: paper('receipt.pdf', 'Receipt of a consent', 0, (text) =>
      text.replace('/SubFilter', '/Reason (Receipt of a payment)\n/SubFilter'),
    ),
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
