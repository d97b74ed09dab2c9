/** Lookups beyond what was signed, by others than who it was signed for, after it has ended. SECURITY: S5 S6 */
import { randomUUID } from 'node:crypto';
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import { addDays } from '../../../shared/domain/period.ts';
import type { LookupRequest } from '../../../shared/domain/scope.ts';
import type { LookupAnswer } from '../../../shared/protocol/documents.ts';
import type { TestCounter } from '../../central/tests/client.ts';
import { askFor, giveConsent, LI, openCounter, ZHANG } from '../../central/tests/visit.ts';
import type { Attack, Family, Foothold, Step } from '../attack.ts';
import { gotThrough, refused, withoutEffect } from '../attack.ts';
import { centralState } from '../scene.ts';
import { call, centralFamily, judge, type Service } from './scene.ts';

/** A consent that is given, and the lookup made under it. */
interface Held {
  consentId: string;
  request: LookupRequest;
  lookupId: string;
  answer: LookupAnswer;
}

async function hold({ counter, now }: Service, number = ZHANG): Promise<Held> {
  const request = askFor(number, now());
  const { consentId } = await giveConsent(counter, request, now());
  const lookupId = randomUUID();
  const answer = await counter.call('lookup', { body: { lookupId, consentId, request } });
  return { consentId, request, lookupId, answer };
}

function wider(service: Service, held: Held): Attack[] {
  const { request } = held;
  const { period } = request;
  const changes: [string, ErrorKind, object][] = [
    ['another-number', 'scope-exceeded', { ...request, subscriber: LI }],
    ['one-category-more', 'scope-exceeded', { ...request, categories: ['sms', 'call'] }],
    ['another-category', 'scope-exceeded', { ...request, categories: ['call'] }],
    [
      'a-day-earlier',
      'scope-exceeded',
      { ...request, period: { ...period, from: addDays(period.from, -1) } },
    ],
    ['a-day-later', 'scope-exceeded', { ...request, period: { ...period, to: addDays(period.to, 1) } }],
    ['another-purpose', 'scope-exceeded', { ...request, purpose: 'nuisance' }],
    ['period-backwards', 'scope-exceeded', { ...request, period: { from: period.to, to: period.from } }],
    ['a-field-nobody-knows', 'bad-input', { ...request, all: true }],
    ['no-category', 'bad-input', { ...request, categories: [] }],
    ['a-pattern-for-a-number', 'bad-input', { ...request, subscriber: '139%' }],
  ];
  return changes.map(([id, kind, changed]) =>
    call(service, {
      foothold: 'dishonest-clerk',
      id: `lookup/${id}`,
      rule: 'S5',
      kinds: [kind],
      by: service.counter,
      name: 'lookup',
      input: () => ({ body: { lookupId: randomUUID(), consentId: held.consentId, request: changed } }),
    }),
  );
}

function strangers(service: Service, held: Held, colleague: TestCounter): Attack[] {
  const { other, counter } = service;
  const ask = { lookupId: randomUUID(), consentId: held.consentId, request: held.request };
  const page = { lookupId: held.lookupId, layer: 'content', pages: '0' };
  const by = (
    foothold: Foothold,
    id: string,
    who: TestCounter,
    kind: ErrorKind,
    name: 'lookup' | 'page',
    input: object,
  ) =>
    call(service, {
      foothold,
      id: `stranger/${id}`,
      rule: 'S5',
      kinds: [kind],
      by: who,
      name,
      input: () => input,
    });
  return [
    by('other-counter', 'lookup-under-a-consent-of-another-counter', other, 'consent-required', 'lookup', {
      body: ask,
    }),
    by('other-counter', 'the-very-lookup-asked-again', other, 'consent-required', 'lookup', {
      body: { ...ask, lookupId: held.lookupId },
    }),
    by('other-counter', 'page-of-another-counters-lookup', other, 'consent-required', 'page', {
      params: page,
    }),
    by('dishonest-clerk', 'colleague-looks-up-too', colleague, 'forbidden', 'lookup', { body: ask }),
    by('dishonest-clerk', 'colleague-fetches-a-page', colleague, 'forbidden', 'page', { params: page }),
    by('dishonest-clerk', 'a-consent-that-is-none', counter, 'consent-required', 'lookup', {
      body: { ...ask, consentId: randomUUID() },
    }),
    by('dishonest-clerk', 'a-page-of-a-lookup-that-is-none', counter, 'consent-required', 'page', {
      params: { ...page, lookupId: randomUUID() },
    }),
    by('dishonest-clerk', 'a-page-past-the-last', counter, 'bad-input', 'page', {
      params: { ...page, pages: '900' },
    }),
    by('dishonest-clerk', 'a-layer-that-is-none', counter, 'bad-input', 'page', {
      params: { ...page, layer: 'all' },
    }),
    by('dishonest-clerk', 'pages-without-staff', counter, 'not-signed-in', 'page', {
      params: page,
      token: undefined,
    }),
  ];
}

function others(service: Service, held: Held): Attack[] {
  const { other, central, now } = service;
  return [
    call(service, {
      foothold: 'other-counter',
      id: 'consent/ended-by-another-counter',
      rule: 'S6',
      kinds: ['consent-required'],
      by: other,
      name: 'endConsent',
      input: () => ({
        params: { consentId: held.consentId },
        body: { reason: 'withdrawn', at: new Date(now()).toISOString() },
      }),
    }),
    {
      id: 'identity/challenge-of-another-counter-proved',
      foothold: 'other-counter',
      rule: 'S6',
      try: async () => {
        const challenge = await service.counter.call('challenge', {
          body: { sessionId: randomUUID(), subscriber: LI },
        });
        const { servicePassword, codes } = central.secrets(LI);
        const params = { challengeId: challenge.challengeId };
        const body = { servicePassword, oneTimeCode: codes.at(-1) };
        return withoutEffect(
          () => centralState(central),
          async () => judge(await other.raw('prove', { params, body }), ['bad-input']),
        );
      },
    },
    {
      id: 'identity/the-code-before-the-last',
      foothold: 'dishonest-clerk',
      rule: 'S17',
      try: async () => {
        const ask = () =>
          service.counter.call('challenge', { body: { sessionId: randomUUID(), subscriber: LI } });
        const first = await ask();
        const { servicePassword, codes } = central.secrets(LI);
        const body = { servicePassword, oneTimeCode: codes.at(-1) };
        await ask();
        const params = { challengeId: first.challengeId };
        return withoutEffect(
          () => centralState(central),
          async () => judge(await service.counter.raw('prove', { params, body }), ['code-expired']),
        );
      },
    },
    {
      id: 'identity/password-without-the-code',
      foothold: 'dishonest-clerk',
      rule: 'S17',
      try: async () => {
        const { challengeId } = await service.counter.call('challenge', {
          body: { sessionId: randomUUID(), subscriber: LI },
        });
        const { servicePassword } = central.secrets(LI);
        const answer = await service.counter.raw('prove', {
          params: { challengeId },
          body: { servicePassword },
        });
        return judge(answer, ['bad-input']);
      },
    },
    {
      id: 'identity/codes-guessed',
      foothold: 'dishonest-clerk',
      rule: 'S17',
      try: async () => {
        const ask = { body: { sessionId: randomUUID(), subscriber: LI } };
        const { challengeId } = await service.counter.call('challenge', ask);
        const { servicePassword } = central.secrets(LI);
        const params = { challengeId };
        await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            service.counter.raw('prove', {
              params,
              body: { servicePassword, oneTimeCode: String(i).repeat(6) },
            }),
          ),
        );
        const body = { servicePassword, oneTimeCode: central.secrets(LI).codes.at(-1) };
        return withoutEffect(
          () => centralState(central),
          async () => judge(await service.counter.raw('prove', { params, body }), ['too-many-tries']),
        );
      },
    },
  ];
}

async function endings(service: Service, held: Held): Promise<Step[]> {
  const { counter, central, now } = service;
  const end = (consentId: string) =>
    counter.call('endConsent', {
      params: { consentId },
      body: { reason: 'withdrawn', at: new Date(now()).toISOString() },
    });
  const page = (lookupId: string) => ({ params: { lookupId, layer: 'content', pages: '0' } });
  const after = (
    id: string,
    prepare: () => Promise<Held>,
    name: 'lookup' | 'page',
    fresh: boolean,
  ): Attack => ({
    id: `ended/${id}`,
    foothold: 'dishonest-clerk',
    rule: 'S11',
    try: async () => {
      const { consentId, lookupId, request } = await prepare();
      const body = { lookupId: fresh ? randomUUID() : lookupId, consentId, request };
      const input = name === 'lookup' ? { body } : page(lookupId);
      return withoutEffect(
        () => centralState(central),
        async () => judge(await counter.raw(name, input), ['consent-expired']),
      );
    },
  });
  const ended = async () => {
    const one = await hold(service);
    await end(one.consentId);
    return one;
  };
  return [
    {
      control: 'dishonest-clerk/a-lookup-within-the-scope-is-answered',
      try: async () => {
        const sealed = await counter.raw('page', page(held.lookupId));
        if (sealed.status !== 200) throw new Error(`HTTP ${sealed.status}`);
        return `${held.answer.manifest.document.rows} rows, a page of ${sealed.body.length} sealed bytes`;
      },
    },
    after('another-lookup', ended, 'lookup', true),
    after('the-same-lookup-again', ended, 'lookup', false),
    after('a-page', ended, 'page', false),
    {
      id: 'ended/while-the-lookup-is-on-its-way',
      foothold: 'dishonest-clerk',
      rule: 'S11',
      try: async () => {
        const request = askFor(ZHANG, now());
        const { consentId } = await giveConsent(counter, request, now());
        const lookupId = randomUUID();
        const [answer] = await Promise.all([
          counter.raw('lookup', { body: { lookupId, consentId, request } }),
          end(consentId),
        ]);
        // Whichever came first: nothing opens now.
        const sealed = await counter.raw('page', page(lookupId));
        const outcome = judge(sealed, ['consent-expired', 'consent-required']);
        if (!outcome.refused) return outcome;
        const key = await central.context.db
          .selectFrom('consents')
          .select('secret')
          .where('id', '=', consentId)
          .executeTakeFirstOrThrow();
        if (key.secret !== null) return gotThrough('the key outlived the withdrawal');
        return refused(`lookup HTTP ${answer.status}, then ${outcome.reason}; the key is gone`);
      },
    },
    {
      id: 'lookup/a-fourth-under-one-consent',
      foothold: 'dishonest-clerk',
      rule: 'S5',
      try: async () => {
        const { consentId, request } = await hold(service);
        const ask = () => ({ body: { lookupId: randomUUID(), consentId, request } });
        await counter.call('lookup', ask());
        await counter.call('lookup', ask());
        return withoutEffect(
          () => centralState(central),
          async () => judge(await counter.raw('lookup', ask()), ['scope-exceeded']),
        );
      },
    },
    {
      id: 'lookup/an-id-under-another-consent',
      foothold: 'dishonest-clerk',
      rule: 'S5',
      try: async () => {
        const two = await hold(service, ZHANG);
        const { consentId, request } = await hold(service, ZHANG);
        const body = { lookupId: two.lookupId, consentId, request };
        return withoutEffect(
          () => centralState(central),
          async () => judge(await counter.raw('lookup', { body }), ['scope-exceeded']),
        );
      },
    },
    // Last, since the clock moves.
    {
      id: 'ended/by-age',
      foothold: 'dishonest-clerk',
      rule: 'S5',
      try: async () => {
        const one = await hold(service);
        service.advance(Date.parse(one.answer.manifest.document.scope.expiresAt) - now());
        const sealed = await counter.raw('page', page(one.lookupId));
        return judge(sealed, ['consent-expired']);
      },
    },
  ];
}

export const lookups: Family = centralFamily('central: what is looked up', async (service) => {
  const held = await hold(service);
  const colleague = await openSecond(service);
  return [
    ...wider(service, held),
    ...strangers(service, held, colleague),
    ...(await endings(service, held)),
    ...others(service, held),
  ];
});

/** Another clerk at the same counter, with a token of their own. */
async function openSecond({ central, counter }: Service): Promise<TestCounter> {
  const second = await openCounter(central, 'counter-0009', { id: '1025', pin: '135791' });
  Object.defineProperty(second, 'identity', { value: counter.identity });
  await second.signIn('1025', '135791');
  return second;
}
