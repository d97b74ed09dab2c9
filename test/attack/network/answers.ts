/** Central's answers altered, replayed or exchanged, as a dishonest central or an old recording would. SECURITY: S5 S13 S18 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256Hex } from '../../../shared/canonical/hash.ts';
import { signDocument } from '../../../shared/canonical/signed-document.ts';
import type { Manifest } from '../../../shared/domain/lookup.ts';
import type { Policy } from '../../../shared/domain/policy.ts';
import type { LookupAnswer } from '../../../shared/protocol/documents.ts';
import { consentRoutes } from '../../central/consents/routes.ts';
import { lookupRoutes } from '../../central/lookups/routes.ts';
import { fromPem } from '../../central/pki/pem.ts';
import { TestCounter } from '../../central/tests/client.ts';
import { type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { people, playTo, proofOf } from '../../e2e/support/visit.ts';
import {
  type Attack,
  type Control,
  type Family,
  gotThrough,
  type Rule,
  refused,
  type Step,
} from '../attack.ts';
import { LI, logged, ZHANG } from '../scene.ts';
import { fetchRefused, lookupId } from '../windows/sealed.ts';
import { Window } from '../windows/tools.ts';

/** What is answered in central's place to requests whose path contains a word. */
interface Fault {
  path: string;
  act: (reply: FastifyReply, body: unknown) => unknown;
}

class Scene {
  readonly counter: Counter;
  readonly window: Window;
  readonly #set: (fault: Fault | undefined) => void;
  constructor(counter: Counter, set: (fault: Fault | undefined) => void) {
    this.counter = counter;
    this.window = new Window(counter.app, counter.staff, 'network');
    this.#set = set;
  }

  fault(path: string, act: Fault['act']): void {
    this.#set({ path, act });
  }
  honest(): void {
    this.#set(undefined);
  }

  /** The staff view. */
  async view(): Promise<Record<string, unknown>> {
    const answer = await this.window.call('getView');
    if (!answer.ok) throw new Error(answer.error.kind);
    return Object(answer.value);
  }

  /** Tries the failed step again; the phase it comes to rest in, and its error. */
  async again(busy: string): Promise<{ phase: string; words: string; kind: string }> {
    const asked = await this.window.call('retry');
    if (!asked.ok) throw new Error(`retry: ${asked.error.kind}`);
    let view: Record<string, unknown> = {};
    await expect
      .poll(
        async () => {
          view = await this.view();
          return view.phase;
        },
        { timeout: 40_000 },
      )
      .not.toBe(busy);
    const { kind = 'none', detail } = Object(view.error);
    const words = detail === undefined ? String(kind) : `${kind} (${detail})`;
    return { phase: String(view.phase), words, kind: String(kind) };
  }
}

type Kinds = readonly string[];

/** An altered answer as an attack: the step fails with one of these kinds, is logged so often, and nothing opens. */
function answered(
  scene: Scene,
  at: {
    step: string;
    busy: string;
    failed: string;
    path: string;
    action: string;
    entries: number;
    rule: Rule;
  },
  id: string,
  kinds: Kinds,
  act: Fault['act'],
): Attack {
  return {
    id: `${at.step}/${id}`,
    foothold: 'network',
    rule: at.rule,
    try: async () => {
      scene.fault(at.path, act);
      const before = await logged(scene.counter.kiosk, at.action);
      const looked = await logged(scene.counter.kiosk, 'lookup-answered');
      const { phase, words, kind } = await scene.again(at.busy);
      if (phase !== at.failed) return gotThrough(`the visit went on to ${phase}`);
      const entries = (await logged(scene.counter.kiosk, at.action)) - before;
      if (entries !== at.entries) return gotThrough(`${words}, with ${entries} entries in the log`);
      if ((await logged(scene.counter.kiosk, 'lookup-answered')) !== looked)
        return gotThrough('a lookup was let in');
      const open = await scene.window.call('openMetadata');
      if (open.ok) return gotThrough('the layer opened');
      if (!kinds.includes(kind)) return gotThrough(`another reason: ${words}`);
      return refused(`${words}, ${phase}, openMetadata: ${open.error.kind}`);
    },
  };
}

const json = (value: unknown) => (reply: FastifyReply) =>
  reply.type('application/json').send(JSON.stringify(value));

async function policies(scene: Scene): Promise<(Attack | Control)[]> {
  const { central } = scene.counter;
  const { authority } = central;
  const device = await central.makeDevice('counter-0002');
  const reader = new TestCounter(central, device);
  const old = await reader.call('policy');
  await central.publishPolicy((policy) => policy);
  const current = await reader.call('policy');
  const at = {
    step: 'policy',
    busy: 'serving.preparing',
    failed: 'serving.prepareFailed',
    path: '/v1/policy',
    action: 'session-refused',
    entries: 1,
    rule: 'S18',
  } as const;
  const attack = (id: string, kinds: Kinds, make: () => Promise<unknown>): Attack =>
    answered(scene, at, id, kinds, async (reply) => json(await make())(reply));
  const signed = async (change: (policy: Policy) => Policy, signer = authority.central) =>
    signDocument(change(current.document), signer, new Date());
  const year = 365 * 86_400_000;
  return [
    {
      control: 'network/a-new-policy-is-taken',
      try: async () => {
        const { clerk, customer } = people(scene.counter);
        await clerk.start({ number: ZHANG });
        await customer.phase('serving.request');
        await clerk.cancel();
        await clerk.acknowledge();
        // Silence would be made up for by the policy held; a central that answers otherwise is believed.
        scene.fault('/v1/policy', (reply) => reply.code(500).send('broken'));
        await clerk.start({ number: ZHANG });
        await clerk.phase('serving.prepareFailed');
        return `version ${current.document.version}`;
      },
    },
    attack('the-one-before-replayed', ['central-untrusted'], async () => old),
    attack('words-altered', ['central-untrusted'], async () => {
      const { document, cms } = current;
      return { document: { ...document, consentMinutes: document.consentMinutes + 1 }, cms };
    }),
    attack('signed-by-a-counter', ['central-untrusted'], () => signed((policy) => policy, device)),
    attack('signed-by-the-server', ['central-untrusted'], () => signed((policy) => policy, authority.server)),
    attack('past-its-review', ['policy-expired'], () =>
      signed((policy) => ({ ...policy, reviewBy: new Date(Date.now() - 1000).toISOString() })),
    ),
    attack('not-yet-in-force', ['policy-expired'], () =>
      signed((policy) => ({ ...policy, validFrom: new Date(Date.now() + year).toISOString() })),
    ),
    attack('without-a-signature', ['central-garbage', 'central-untrusted'], async () => ({
      document: current.document,
      cms: '',
    })),
    attack('a-field-too-many', ['central-garbage'], async () => ({ ...current, trust: true })),
    answered(scene, at, 'an-answer-of-17-megabytes', ['central-garbage'], (reply) =>
      reply.type('application/json').send(`"${'x'.repeat(17 * 2 ** 20)}"`),
    ),
    answered(scene, at, 'half-of-an-answer', ['central-garbage'], (reply) =>
      reply.type('application/json').send('{"document":'),
    ),
    answered(scene, at, 'a-page-for-an-answer', ['central-garbage'], (reply) =>
      reply.type('text/html').send('<h1>x</h1>'),
    ),
    answered(scene, at, 'a-way-to-another-address', ['central-garbage'], (reply) =>
      reply.code(302).header('location', 'https://example.org/').send(''),
    ),
    answered(scene, at, 'a-problem-of-no-kind', ['central-refused'], (reply) =>
      reply.code(403).type('application/problem+json').send('{"kind":"all-is-well"}'),
    ),
  ];
}

/** Central's own answer to what the kiosk has sent, made by its own handlers. */
function honestAnswers({ counter: { central, kiosk } }: Scene) {
  const { context } = central;
  const call = async (params: Record<string, string>, body: unknown) => {
    const pem = await readFile(join(kiosk, 'identity', 'device.pem'), 'utf8');
    const certificateSha256 = await sha256Hex(fromPem(pem, 'CERTIFICATE'));
    const staff = await context.db
      .selectFrom('staff')
      .selectAll()
      .where('id', '=', '1024')
      .executeTakeFirstOrThrow();
    const { id, name, role, hall } = staff;
    return {
      device: { id: 'counter-0001', hall, certificateSha256 },
      staff: { staff: { id, name, role, hall }, jti: 'x' },
      params,
      body,
      now: context.now(),
    } as never;
  };
  return {
    acceptance: async (body: unknown) => {
      const consentId: string = Object(body).consent.header.recordId;
      return consentRoutes(context).submitConsent(await call({ consentId }, body));
    },
    lookup: async (body: unknown): Promise<LookupAnswer> =>
      lookupRoutes(context).lookup(await call({}, body)),
  };
}

async function acceptances(scene: Scene): Promise<Step[]> {
  const { authority } = scene.counter.central;
  const honest = honestAnswers(scene);
  const device = await scene.counter.central.makeDevice('counter-0002');
  const at = {
    step: 'acceptance',
    busy: 'serving.submitting',
    failed: 'serving.submitFailed',
    path: '/v1/consents',
    action: 'consent-accepted',
    entries: 0,
    rule: 'S5',
  } as const;
  const attack = (
    id: string,
    kinds: Kinds,
    make: (genuine: Awaited<ReturnType<typeof honest.acceptance>>) => unknown,
  ): Attack =>
    answered(scene, at, id, kinds, async (reply, body) =>
      json(await make(await honest.acceptance(body)))(reply),
    );
  return [
    attack('of-another-consent', ['central-untrusted'], ({ document }) =>
      signDocument({ ...document, consentId: crypto.randomUUID() }, authority.central, stated(document)),
    ),
    attack('of-another-scope', ['central-untrusted'], ({ document }) =>
      signDocument({ ...document, consentHash: '0'.repeat(64) }, authority.central, stated(document)),
    ),
    attack('signed-by-a-counter', ['central-untrusted'], ({ document }) =>
      signDocument(document, device, stated(document)),
    ),
    attack('signed-in-another-second', ['central-untrusted'], ({ document }) =>
      signDocument(document, authority.central, stated(document, -1_000)),
    ),
    attack('signed-by-the-server', ['central-untrusted'], ({ document }) =>
      signDocument(document, authority.server, stated(document)),
    ),
    attack('altered-after-signing', ['central-untrusted'], ({ document, cms }) => ({
      document: { ...document, acceptedAt: '2020-01-01T00:00:00.000Z' },
      cms,
    })),
    attack('a-status-without-a-signature', ['central-garbage'], () => ({})),
  ];
}

/** When a document says that it was signed, so that only what the attack is about is wrong. */
function stated(document: { acceptedAt: string } | { answeredAt: string }, late = 0): Date {
  return new Date(Date.parse('acceptedAt' in document ? document.acceptedAt : document.answeredAt) + late);
}

async function manifests(scene: Scene): Promise<Step[]> {
  const { authority } = scene.counter.central;
  const honest = honestAnswers(scene);
  const device = await scene.counter.central.makeDevice('counter-0002');
  const at = {
    step: 'manifest',
    busy: 'serving.lookingUp',
    failed: 'serving.lookUpFailed',
    path: '/v1/lookups',
    action: 'lookup-denied',
    entries: 1,
    rule: 'S7',
  } as const;
  const attack = (
    id: string,
    kinds: Kinds,
    make: (genuine: LookupAnswer) => Promise<unknown> | unknown,
  ): Attack =>
    answered(scene, at, id, kinds, async (reply, body) => json(await make(await honest.lookup(body)))(reply));
  const resigned = (id: string, change: (manifest: Manifest) => object, late = 0): Attack =>
    attack(id, ['manifest-rejected'], async ({ manifest: { document }, secrets }) => ({
      manifest: await signDocument(
        { ...document, ...change(document) },
        authority.central,
        stated(document, late),
      ),
      secrets,
    }));
  const hash = '3'.repeat(64);
  return [
    resigned('signed-in-another-second', () => ({}), -1_000),
    resigned('of-another-lookup', () => ({ lookupId: crypto.randomUUID() })),
    resigned('of-another-consent', () => ({ consentId: crypto.randomUUID() })),
    resigned('of-another-consents-bytes', () => ({ consentHash: hash })),
    resigned('of-another-scope', () => ({ scopeHash: hash })),
    resigned('with-a-wider-scope', ({ scope }) => ({ scope: { ...scope, categories: ['sms', 'call'] } })),
    resigned('for-another-counter', () => ({ device: hash })),
    resigned('under-another-policy', ({ policyVersion }) => ({ policyVersion: policyVersion + 1 })),
    resigned('with-a-row-more', ({ rows }) => ({ rows: rows + 1 })),
    resigned('with-counts-that-do-not-add-up', ({ counts }) => ({
      counts: { ...counts, sent: counts.sent + 1 },
    })),
    resigned('with-records-nobody-asked-for', ({ counts, rows }) => ({
      counts: { ...counts, byCategory: { call: rows } },
    })),
    resigned('with-a-page-left-out', ({ pages }) => ({
      pages: { ...pages, content: pages.content.slice(1) },
    })),
    resigned('with-a-page-doubled', ({ pages }) => ({
      pages: { ...pages, metadata: [...pages.metadata, ...pages.metadata] },
    })),
    resigned('with-the-root-of-another-page', ({ pageRoots }) => ({
      pageRoots: [hash, ...pageRoots.slice(1)],
    })),
    attack('altered-after-signing', ['manifest-rejected'], ({ manifest, secrets }) => ({
      manifest: { ...manifest, document: { ...manifest.document, merkleRoot: hash } },
      secrets,
    })),
    attack('signed-by-a-counter', ['manifest-rejected'], async ({ manifest, secrets }) => ({
      manifest: await signDocument(manifest.document, device, stated(manifest.document)),
      secrets,
    })),
    attack('secrets-exchanged-between-layers', ['manifest-rejected'], ({ manifest, secrets }) => ({
      manifest,
      secrets: { metadata: secrets.content, content: secrets.metadata },
    })),
    attack('secret-with-a-bit-turned', ['manifest-rejected'], ({ manifest, secrets }) => ({
      manifest,
      secrets: {
        ...secrets,
        content: { ...secrets.content, ciphertext: turned(secrets.content.ciphertext) },
      },
    })),
    attack('without-secrets', ['central-garbage'], ({ manifest }) => ({ manifest })),
  ];
}

const turned = (text: string) => (text.startsWith('A') ? `B${text.slice(1)}` : `A${text.slice(1)}`);

function pages(scene: Scene): Attack[] {
  const page = (id: string, act: Fault['act']): Attack => ({
    id: `page/${id}`,
    foothold: 'network',
    rule: 'S7',
    try: async () => {
      scene.fault('/pages/metadata/0', act);
      return fetchRefused(scene.window, `/sealed/${await lookupId(scene.window)}/metadata/0`);
    },
  });
  const bytes = (content: Buffer) => (reply: FastifyReply) =>
    reply.type('application/octet-stream').send(content);
  const genuine = async () => {
    const { pages: store, db } = scene.counter.central.context;
    const { page_set } = await db
      .selectFrom('lookups')
      .select('page_set')
      .where('id', '=', await lookupId(scene.window))
      .executeTakeFirstOrThrow();
    return {
      metadata: await read(store.get(page_set, 'metadata', { first: 0, last: 0 })),
      content: await read(store.get(page_set, 'content', { first: 0, last: 0 })),
    };
  };
  const read = async (stored: Promise<Uint8Array[] | undefined>) => Buffer.from((await stored)?.[0] ?? []);
  return [
    page('a-bit-turned', async (reply) => {
      const { metadata } = await genuine();
      metadata[40] = (metadata[40] ?? 0) ^ 1;
      return bytes(metadata)(reply);
    }),
    page('cut', async (reply) => bytes((await genuine()).metadata.subarray(0, -1))(reply)),
    page('lengthened', async (reply) =>
      bytes(Buffer.concat([(await genuine()).metadata, Buffer.from([0])]))(reply),
    ),
    page('of-the-other-layer', async (reply) => bytes((await genuine()).content)(reply)),
    page('plain-text', bytes(Buffer.from(JSON.stringify([{ text: 'x' }])))),
    page('none', bytes(Buffer.alloc(0))),
    page('json-for-bytes', json({ page: 0 })),
    page('cut-off-half-way', (reply) => reply.raw.destroy()),
  ];
}

export const answers: Family = {
  name: 'network: the answers',
  open: async () => {
    let fault: Fault | undefined;
    const intercept = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
      if (!fault || !request.url.includes(fault.path)) return false;
      const { act } = fault;
      const chunks: Buffer[] = [];
      for await (const chunk of request.raw) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      await act(reply, text === '' ? undefined : JSON.parse(text));
      return true;
    };
    const counter = await openCounter({ settings: { timeoutSeconds: 3 }, central: { intercept } });
    try {
      const scene = new Scene(counter, (next) => {
        fault = next;
      });
      const { clerk, customer } = people(counter);
      await clerk.signIn();
      return {
        steps: [
          ...(await policies(scene)),
          {
            control: 'network/the-visit-goes-on-once-answers-are-right',
            try: async () => {
              scene.honest();
              const { phase } = await scene.again('serving.preparing');
              await customer.accept();
              await customer.readNotice();
              await customer.phase('serving.identity.entering');
              return phase;
            },
          },
          assertionOfSomebodyElse(scene),
          {
            control: 'network/the-customer-signs',
            try: async () => {
              scene.honest();
              await clerk.cancel();
              await clerk.acknowledge();
              await playTo(counter, 'signature', { number: ZHANG });
              scene.fault('/v1/consents', (reply) => reply.raw.destroy());
              await customer.sign();
              await clerk.phase('serving.submitFailed');
              return `consent-signed ${await logged(counter.kiosk, 'consent-signed')}`;
            },
          },
          ...(await acceptances(scene)),
          {
            control: 'network/the-true-acceptance-is-taken',
            try: async () => {
              scene.fault('/v1/lookups', (reply) => reply.raw.destroy());
              const { phase } = await scene.again('serving.submitting');
              await clerk.phase('serving.lookUpFailed');
              return `${phase}, consent-accepted ${await logged(counter.kiosk, 'consent-accepted')}`;
            },
          },
          ...(await manifests(scene)),
          {
            control: 'network/the-true-manifest-is-taken',
            try: async () => {
              scene.honest();
              await scene.again('serving.lookingUp');
              await customer.phase('serving.reading');
              // What one window has brought for the other is handed on without a question to central.
              await expect(clerk.page.getByText(/已核对/)).toBeVisible();
              return `lookup-answered ${await logged(counter.kiosk, 'lookup-answered')}`;
            },
          },
          ...pages(scene),
          {
            control: 'network/the-true-page-is-handed-on',
            try: async () => {
              scene.honest();
              const outcome = await fetchRefused(
                scene.window,
                `/sealed/${await lookupId(scene.window)}/metadata/0`,
              );
              if (outcome.refused) throw new Error(outcome.reason);
              return outcome.reason;
            },
          },
        ],
        close: () => counter.close(),
      };
    } catch (error) {
      await counter.close();
      throw error;
    }
  },
};

/** Central says that another person has proved themself. */
const assertionOfSomebodyElse = (scene: Scene): Attack => ({
  id: 'identity/assertion-of-another-subject',
  foothold: 'network',
  rule: 'S5',
  try: async () => {
    const { customer } = people(scene.counter);
    scene.fault(
      '/proofs',
      json({
        assertionId: crypto.randomUUID(),
        subscriber: LI,
        name: '李四',
        verifiedAt: new Date().toISOString(),
      }),
    );
    const before = await logged(scene.counter.kiosk, 'identity-failed');
    await customer.prove(proofOf(scene.counter, ZHANG));
    await expect.poll(async () => (await scene.view()).phase).toBe('serving.identity.entering');
    const entries = (await logged(scene.counter.kiosk, 'identity-failed')) - before;
    if (entries !== 1) return gotThrough(`${entries} entries in the log`);
    const view = await scene.view();
    const { phase, identity } = view;
    const { kind } = Object(view.error);
    if (identity === 'passed' || phase !== 'serving.identity.entering')
      return gotThrough(`${phase}, ${identity}`);
    return refused(`${kind}, ${phase}, identity ${identity}, logged once`);
  },
});
