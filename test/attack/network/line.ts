/** The line to central is somebody else's: false certificates, old TLS, noise. SECURITY: S13 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../../central/pki/authority.ts';
import { makeCertificate, type SubjectName } from '../../central/pki/certificate.ts';
import { generateKeys, type Identity, identityOf } from '../../central/pki/identity.ts';
import type { Central } from '../../central/service.ts';
import { type Counter, openCounter } from '../../e2e/support/counter.ts';
import { expect } from '../../e2e/support/expect.ts';
import { people } from '../../e2e/support/visit.ts';
import { type Attack, type Family, gotThrough, type Refusal, refused, withoutEffect } from '../attack.ts';
import { centralState, logged, ZHANG } from '../scene.ts';
import { Window } from '../windows/tools.ts';
import { openRelay, type Relay } from './relay.ts';

const DAY_MS = 86_400_000;
const LOOPBACK = { dns: ['localhost'], ip: [new Uint8Array([127, 0, 0, 1])] };

interface Made {
  by?: Identity | 'self';
  unit?: SubjectName['unit'];
  hosts?: { dns: string[]; ip: Uint8Array<ArrayBuffer>[] };
  days?: readonly [number, number];
}

/** A server certificate with one thing wrong. */
async function certificate(root: Identity, { by, unit = 'server', hosts = LOOPBACK, days = [-1, 30] }: Made) {
  const keys = await generateKeys();
  const der = await makeCertificate({
    subject: { commonName: 'localhost', unit },
    publicKey: keys.publicKey,
    notBefore: new Date(Date.now() + days[0] * DAY_MS),
    notAfter: new Date(Date.now() + days[1] * DAY_MS),
    issuer: by === 'self' ? { self: keys.privateKey } : (by ?? root),
    hosts,
  });
  return identityOf(der, keys.privateKey);
}

const tls = ({ certificatePem, privateKeyPem }: Identity, more: ServerOptions = {}): ServerOptions => ({
  cert: certificatePem,
  key: privateKeyPem,
  ...more,
});

/** Every way to stand in central's place that we know of. */
async function falseCentrals({
  authority: { root, server, central },
}: Central): Promise<[string, ServerOptions][]> {
  const folder = await mkdtemp(join(tmpdir(), 'zhiqing-other-ca-'));
  const foreign = await openAuthority(folder);
  await rm(folder, { recursive: true });
  const intermediate = await certificate(root, { unit: 'root' });
  const make = (made: Made) => certificate(root, made);
  return [
    ['expired', tls(await make({ days: [-30, -1] }))],
    ['not-yet-valid', tls(await make({ days: [1, 30] }))],
    ['for-another-host', tls(await make({ hosts: { dns: ['central.example.org'], ip: [] } }))],
    ['for-a-host-that-begins-alike', tls(await make({ hosts: { dns: ['localhost.example.org'], ip: [] } }))],
    ['without-a-host', tls(await make({ hosts: { dns: [], ip: [] } }))],
    ['of-another-authority', tls(foreign.server)],
    [
      'of-another-authority-with-its-root-along',
      tls(foreign.server, { cert: foreign.server.certificatePem + foreign.root.certificatePem }),
    ],
    ['signed-by-itself', tls(await make({ by: 'self' }))],
    ['for-clients-only', tls(await make({ unit: 'device' }))],
    ['of-central-for-signing-only', tls(central)],
    ['signed-by-a-counter', tls(await make({ by: await makeDevice(root) }))],
    ['under-an-intermediate-that-is-missing', tls(await make({ by: intermediate }))],
    ['tls-1.2-only', tls(server, { maxVersion: 'TLSv1.2' })],
    [
      'tls-1.0-only',
      tls(server, { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ],
  ];
}

async function makeDevice(root: Identity): Promise<Identity> {
  return certificate(root, { unit: 'device', hosts: { dns: [], ip: [] } });
}

/** Asks again and says how the counter failed. */
async function askAgain(window: Window): Promise<{ kind: string; detail: string; phase: string }> {
  const asked = await window.call('retry');
  if (!asked.ok) throw new Error(`retry: ${asked.error.kind}`);
  let view: Record<string, unknown> = {};
  await expect
    .poll(
      async () => {
        const answer = await window.call('getView');
        view = answer.ok ? Object(answer.value) : {};
        return view.phase;
      },
      { timeout: 30_000 },
    )
    .not.toBe('serving.preparing');
  const { kind = 'none', detail = '' } = Object(view.error);
  return { kind, detail, phase: String(view.phase) };
}

function lineAttacks(
  counter: Counter,
  relay: Relay,
  window: Window,
  servers: readonly [string, ServerOptions][],
): Attack[] {
  const attack = (id: string, kinds: readonly string[], tamper: () => void): Attack => ({
    id: `line/${id}`,
    foothold: 'network',
    rule: 'S13',
    try: () =>
      withoutEffect(
        async () => `${await centralState(counter.central)}, read ${relay.requests()}`,
        async (): Promise<Refusal> => {
          tamper();
          const refusals = await logged(counter.kiosk, 'session-refused');
          const { kind, detail, phase } = await askAgain(window);
          if (phase !== 'serving.prepareFailed') return gotThrough(`the visit went on to ${phase}`);
          const entries = (await logged(counter.kiosk, 'session-refused')) - refusals;
          if (entries !== 1) return gotThrough(`${entries} entries in the log for one denial`);
          const words = `${kind} (${detail}), ${phase}, logged once`;
          return kinds.includes(kind) ? refused(words) : gotThrough(`another reason: ${words}`);
        },
      ),
  });
  return [
    ...servers.map(([id, options]) => attack(id, ['central-untrusted'], () => relay.pretend(options))),
    attack('no-tls-at-all', ['central-untrusted', 'central-unreachable'], () => relay.speakPlain()),
  ];
}

export const line: Family = {
  name: 'network: the line',
  open: async () => {
    const counter = await openCounter({ settings: { timeoutSeconds: 5 } });
    const relay = await openRelay(counter.central.url);
    const close = async () => {
      await counter.close();
      await relay.close();
    };
    try {
      // Enrolled by now or at the next start, over the true line; from here on over the relay.
      const path = join(counter.kiosk, 'counter.json');
      const settings = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(
        path,
        JSON.stringify({
          ...settings,
          central: { ...settings.central, url: `https://localhost:${relay.port}` },
        }),
      );
      await counter.relaunch();
      const servers = await falseCentrals(counter.central);
      const window = new Window(counter.app, counter.staff, 'network');
      const { clerk, customer } = people(counter);
      await clerk.signIn();
      relay.speakPlain();
      await clerk.start({ number: ZHANG });
      await clerk.phase('serving.prepareFailed');
      return {
        steps: [
          ...lineAttacks(counter, relay, window, servers),
          {
            control: 'network/the-same-line-with-the-right-server',
            try: async () => {
              relay.pass();
              const { phase } = await askAgain(window);
              await customer.phase('serving.request');
              if (relay.requests() !== 0) throw new Error('a false central was told something');
              return `${phase}; false centrals were told nothing in ${relay.handshakes()} handshakes`;
            },
          },
        ],
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  },
};
