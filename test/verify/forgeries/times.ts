/** Times that cannot be. */
import { AT } from '../visit.ts';
import { consent, type Forgery, forgery, HOUR, later, MONTH, paper, receipt } from './scene.ts';

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
