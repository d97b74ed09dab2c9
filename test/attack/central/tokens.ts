/** Who may act for staff: tokens, PINs, roles; and what central reads at all. SECURITY: S6 S17 */
import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { hashSecret } from '../../central/secret-hash.ts';
import { send, type TestCounter } from '../../central/tests/client.ts';
import { askFor, openCounter, ZHANG } from '../../central/tests/visit.ts';
import { type Attack, type Family, type Foothold, type Step, withoutEffect } from '../attack.ts';
import { centralState } from '../scene.ts';
import { call, centralFamily, judge, type Service } from './scene.ts';

const HOUR_MS = 3_600_000;

/** Every token is tried at the door of identity checks. */
function withToken(
  service: Service,
  foothold: Foothold,
  id: string,
  token: () => Promise<string | undefined> | string | undefined,
  kind: 'not-signed-in' | 'staff-session-expired' = 'not-signed-in',
  by: TestCounter = service.counter,
): Attack {
  return call(service, {
    foothold,
    id: `token/${id}`,
    rule: 'S6',
    kinds: [kind],
    by,
    name: 'challenge',
    input: async () => ({
      token: await token(),
      body: { sessionId: randomUUID(), subscriber: ZHANG },
    }),
  });
}

async function tokens(service: Service): Promise<Step[]> {
  const { counter, other, central } = service;
  const mine = counter.token ?? '';
  const [header = '', payload = '', signature = ''] = mine.split('.');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = decodeJwt(mine);
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const resign = (change: object, alg = 'ES256') =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg, typ: 'at+jwt' }).sign(key.privateKey);
  const publicPem = createPublicKey(central.authority.central.privateKeyPem)
    .export({ format: 'pem', type: 'spki' })
    .toString();
  const hmacHead = part({ alg: 'HS256', typ: 'at+jwt' });
  const hmac = createHmac('sha256', publicPem).update(`${hmacHead}.${payload}`).digest('base64url');
  const signedOut = await openCounter(central, 'counter-0003');
  const gone = signedOut.token;
  await signedOut.call('signOut', { body: {} });
  return [
    {
      control: 'other-counter/the-token-of-this-counter-is-taken',
      try: async () => {
        const body = { sessionId: randomUUID(), subscriber: ZHANG };
        return `a challenge with ${(await counter.call('challenge', { body })).triesLeft} tries`;
      },
    },
    withToken(service, 'network', 'none', () => undefined),
    withToken(service, 'network', 'nonsense', () => 'x.y.z'),
    withToken(
      service,
      'network',
      'algorithm-none',
      () => `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    ),
    withToken(service, 'network', 'hmac-with-a-public-key', () => `${hmacHead}.${payload}.${hmac}`),
    withToken(service, 'network', 'signed-by-a-key-of-mine', () => resign({})),
    withToken(
      service,
      'network',
      'another-name-in-it',
      () => `${header}.${part({ ...claims, sub: '1025' })}.${signature}`,
    ),
    withToken(
      service,
      'network',
      'longer-life-in-it',
      () => `${header}.${part({ ...claims, exp: 4e9 })}.${signature}`,
    ),
    withToken(service, 'network', 'signature-cut', () => mine.slice(0, -6)),
    withToken(service, 'other-counter', 'of-another-counter', () => other.token),
    withToken(
      service,
      'other-counter',
      'stolen-and-shown-by-another-counter',
      () => mine,
      'not-signed-in',
      other,
    ),
    withToken(service, 'dishonest-clerk', 'after-sign-out', () => gone, 'staff-session-expired', signedOut),
  ];
}

async function pins(service: Service): Promise<Step[]> {
  const { central, counter, other } = service;
  await central.context.db
    .insertInto('staff')
    .values({
      id: '7777',
      name: '外人',
      role: 'clerk',
      hall: '别的营业厅',
      pin_hash: await hashSecret('112233'),
    })
    .execute();
  const auditor = await openCounter(central, 'counter-0004', { id: '2001', pin: '864209' });
  const signIn = (id: string, body: unknown, kinds: Parameters<typeof judge>[1]) =>
    call(service, {
      foothold: 'dishonest-clerk',
      id: `sign-in/${id}`,
      rule: 'S17',
      kinds,
      by: other,
      name: 'signIn',
      input: () => ({ token: undefined, body }),
    });
  return [
    signIn('as-somebody-of-another-hall', { staffId: '7777', pin: '112233' }, ['sign-in-refused']),
    signIn('as-nobody', { staffId: '9999', pin: '246810' }, ['sign-in-refused']),
    signIn('with-the-pin-of-a-colleague', { staffId: '1025', pin: '246810' }, ['sign-in-refused']),
    signIn('with-a-query-for-a-number', { staffId: "1024' or '1'='1", pin: '246810' }, [
      'bad-input',
      'sign-in-refused',
    ]),
    signIn('with-a-role-of-ones-own', { staffId: '1024', pin: '246810', role: 'manager' }, ['bad-input']),
    signIn('with-a-list-of-pins', { staffId: '1024', pin: ['246810', '000000'] }, ['bad-input']),
    ...(['challenge', 'lookup'] as const).map((name) =>
      call(service, {
        foothold: 'dishonest-clerk',
        id: `role/an-auditor-calls-${name}`,
        rule: 'S6',
        kinds: ['forbidden'],
        by: auditor,
        name,
        input: () => ({
          body:
            name === 'challenge'
              ? { sessionId: randomUUID(), subscriber: ZHANG }
              : { lookupId: randomUUID(), consentId: randomUUID(), request: askFor(ZHANG, service.now()) },
        }),
      }),
    ),
    {
      id: 'sign-in/pins-one-after-the-other',
      foothold: 'dishonest-clerk',
      rule: 'S17',
      try: () =>
        withoutEffect(
          () => centralState(central),
          async () => {
            // The colleague's number has tries left from above; all are used, then the right PIN is tried.
            for (let i = 0; i < 6; i++) {
              const body = { staffId: '1024', pin: String(100_000 + i) };
              await counter.raw('signIn', { token: undefined, body });
            }
            const body = { staffId: '1024', pin: '246810' };
            return judge(await counter.raw('signIn', { token: undefined, body }), ['too-many-tries']);
          },
        ),
    },
    {
      id: 'sign-in/pins-all-at-once',
      foothold: 'dishonest-clerk',
      rule: 'S17',
      try: () =>
        withoutEffect(
          () => centralState(central),
          async () => {
            const pin = (i: number) => ({ staffId: '2001', pin: String(200_000 + i) });
            await Promise.all(
              Array.from({ length: 12 }, (_, i) => other.raw('signIn', { token: undefined, body: pin(i) })),
            );
            const body = { staffId: '2001', pin: '864209' };
            return judge(await other.raw('signIn', { token: undefined, body }), ['too-many-tries']);
          },
        ),
    },
  ];
}

/** Requests that are no requests. SECURITY: S3 */
function malformed({ central, counter }: Service): Attack[] {
  const body = JSON.stringify({ sessionId: randomUUID(), subscriber: ZHANG });
  const json = { 'content-type': 'application/json', authorization: `Bearer ${counter.token}` };
  const cases: [string, string, { method: string; headers?: Record<string, string>; body?: string }][] = [
    ['route-that-is-none', '/v1/admin/staff', { method: 'GET' }],
    ['method-that-is-none', '/v1/status', { method: 'DELETE' }],
    ['path-upwards', '/v1/lookups/..%2f..%2fca/pages/content/0', { method: 'GET', headers: json }],
    [
      'text-for-json',
      '/v1/identity/challenges',
      { method: 'POST', headers: { ...json, 'content-type': 'text/plain' }, body },
    ],
    ['half-of-a-body', '/v1/identity/challenges', { method: 'POST', headers: json, body: body.slice(0, 20) }],
    [
      'a-body-too-large',
      '/v1/identity/challenges',
      { method: 'POST', headers: json, body: `{"x":"${'x'.repeat(2 ** 21)}"}` },
    ],
    [
      'proto-in-the-body',
      '/v1/identity/challenges',
      { method: 'POST', headers: json, body: body.replace('{', '{"__proto__":{"role":"manager"},') },
    ],
    [
      'a-field-too-many',
      '/v1/identity/challenges',
      { method: 'POST', headers: json, body: body.replace('{', '{"staffId":"1025",') },
    ],
    [
      'a-number-for-a-text',
      '/v1/identity/challenges',
      { method: 'POST', headers: json, body: body.replace(`"${ZHANG}"`, ZHANG) },
    ],
    [
      'a-list-of-numbers',
      '/v1/identity/challenges',
      { method: 'POST', headers: json, body: body.replace(`"${ZHANG}"`, `["${ZHANG}"]`) },
    ],
    [
      'digits-of-another-script',
      '/v1/identity/challenges',
      { method: 'POST', headers: json, body: body.replace(ZHANG, '１３９０００１０００１') },
    ],
  ];
  return cases.map(([name, path, options]) => ({
    id: `request/${name}`,
    foothold: 'network',
    rule: 'S3',
    try: () =>
      withoutEffect(
        () => centralState(central),
        async () => judge(await send(central.url + path, counter.tls, options), ['bad-input']),
      ),
  }));
}

/** Last, since the clock moves: a token dies of age. */
const aged = (service: Service): Attack =>
  withToken(
    service,
    'dishonest-clerk',
    'of-yesterday',
    () => {
      service.advance(25 * HOUR_MS);
      return service.counter.token;
    },
    'staff-session-expired',
  );

export const staffTokens: Family = centralFamily('central: for whom', async (service) => [
  ...(await tokens(service)),
  ...malformed(service),
  ...(await pins(service)),
  aged(service),
]);
