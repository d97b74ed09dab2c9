/** The real core on a folder, its windows played by the test, its line to central replaced by the double. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeviceIdentity } from '../../../electron/central/identity.ts';
import { type Core, startCore } from '../../../electron/core.ts';
import type { CounterSettings } from '../../../electron/settings.ts';
import { openVault, type Vault } from '../../../electron/vault/vault.ts';
import type { CustomerView, StaffView } from '../../../shared/contract/views.ts';
import { type AuditEntry, auditEntrySchema } from '../../../shared/domain/audit.ts';
import { toAppError } from '../../../shared/domain/errors.ts';
import type { Authority } from '../../central/pki/authority.ts';
import { openAuthority } from '../../central/pki/authority.ts';
import { type CentralDouble, DEVICE } from './central-double.ts';

/** What all runs share: keys are what costs. */
export interface Shared {
  readonly authority: Authority;
  readonly vault: Vault;
  readonly identity: DeviceIdentity;
  readonly folder: string;
  close(): Promise<void>;
}

export async function shareKeys(): Promise<Shared> {
  // In memory where the system has such a folder: thousands of runs sync each line.
  const base = await mkdtemp(join('/dev/shm', 'zhiqing-')).catch(() => mkdtemp(join(tmpdir(), 'zhiqing-')));
  const authority = await openAuthority(join(base, 'ca'));
  const plain = {
    backend: 'test',
    seal: async (text: string) => Buffer.from(text),
    unseal: async (sealed: Buffer) => ({ text: sealed.toString(), reseal: false }),
  };
  const vault = await openVault(join(base, 'vault'), plain);
  const certificate = await authority.issueDevice(DEVICE, vault.deviceKey.publicKey);
  const identity = { certificate, pem: '', notAfter: Date.now() + 86_400_000 };
  return {
    authority,
    vault,
    identity,
    folder: base,
    close: () => rm(base, { recursive: true, force: true }),
  };
}

/** The wire that the mocked connection module hands out; set before each start. */
export const wire: { central: CentralDouble | undefined; shared: Shared | undefined; line: object } = {
  central: undefined,
  shared: undefined,
  /** The line of the core that lives: one that has crashed says nothing more to anybody. */
  line: {},
};

const PNG = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  ),
);
const PDF = new Uint8Array(Buffer.from('%PDF-1.4\n1 0 obj << /Type /Page >> endobj\n%%EOF'));

export class Counter {
  readonly central: CentralDouble;
  core: Core;
  readonly #shared: Shared;
  #folder: string;
  readonly #base: string;
  #starts = 0;
  readonly #old: Promise<void>[] = [];
  /** Lines read before: a log only grows. */
  readonly #known = new Map<string, AuditEntry>();
  /** Sessions that each window was told to forget. */
  readonly wiped = { staff: new Set<string>(), customer: new Set<string>() };

  private constructor(shared: Shared, central: CentralDouble, base: string, core: Core) {
    this.#shared = shared;
    this.central = central;
    this.#base = base;
    this.#folder = join(base, 'p0');
    this.core = core;
  }

  static async open(shared: Shared, central: CentralDouble): Promise<Counter> {
    const base = await mkdtemp(join(shared.folder, 'run-'));
    await mkdir(join(base, 'handover'));
    await mkdir(join(base, 'p0'));
    const holder: { counter?: Counter } = {};
    const core = await start(shared, central, base, join(base, 'p0'), holder);
    const counter = new Counter(shared, central, base, core);
    holder.counter = counter;
    await core.endLeftVisits();
    return counter;
  }

  get handover(): string {
    return join(this.#base, 'handover');
  }

  /** A command of a window: its value, or the kind of the refusal. The handlers are the real ones. */
  async ask(
    plane: 'staff' | 'customer',
    name: string,
    args: unknown = {},
  ): Promise<{ ok: boolean; value: unknown }> {
    const handlers = this.core.handlers[plane] as Record<string, ((args: unknown) => unknown) | undefined>;
    const handler = handlers[name];
    if (!handler) return { ok: false, value: 'forbidden' };
    try {
      return { ok: true, value: await handler(args) };
    } catch (error) {
      return { ok: false, value: toAppError(error).kind };
    }
  }

  view(): CustomerView {
    return this.core.handlers.customer.getView({}) as CustomerView;
  }
  staffView(): StaffView {
    return this.core.handlers.staff.getView({}) as StaffView;
  }

  /** Lets what is under way come to rest: an effect has answered. */
  async settle(): Promise<void> {
    const busy =
      /preparing|challenging|checking|submitting|lookingUp|reopening|making|saving|takingReceipt|finishing|closing/;
    for (let i = 0; i < 4_000 && busy.test(this.view().phase); i++) {
      // A view is dearer than a turn of the loop.
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The power goes: what is on the disk this instant is all that the next start has. */
  async crash(): Promise<void> {
    this.#starts += 1;
    const next = join(this.#base, `p${this.#starts}`);
    wire.line = {};
    snapshot(this.#folder, next);
    const dead = this.core;
    const holder: { counter?: Counter } = {};
    this.#folder = next;
    const core = await start(this.#shared, this.central, this.#base, next, holder);
    this.core = core;
    holder.counter = this;
    this.#old.push(dead.stop().catch(() => undefined));
    await core.endLeftVisits();
  }

  /** Cases of which anything lies on the disk this instant: what is compared with it is read in the same one. */
  heldOnDisk(): Set<string> {
    const folder = join(this.#folder, 'held');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return new Set(names.map((name) => name.split('.')[0] ?? ''));
  }

  /** Entries as they lie on the disk now. */
  async entries(): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (const name of (await readdir(join(this.#folder, 'audit'))).sort()) {
      if (!name.endsWith('.jsonl')) continue;
      const text = readFileSync(join(this.#folder, 'audit', name), 'utf8');
      for (const line of text.split('\n')) {
        const entry = this.#known.get(line) ?? readEntry(line);
        if (!entry) continue;
        this.#known.set(line, entry);
        found.push(entry);
      }
    }
    return found.sort((a, b) => a.seq - b.seq);
  }

  async close(): Promise<void> {
    await this.core.stop();
    await Promise.all(this.#old);
    await rm(this.#base, { recursive: true, force: true });
  }
}

async function start(
  shared: Shared,
  central: CentralDouble,
  base: string,
  userData: string,
  holder: { counter?: Counter },
): Promise<Core> {
  wire.central = central;
  wire.shared = shared;
  let core: Core | undefined;
  const wipe = (plane: 'staff' | 'customer', sessionId: string): boolean => {
    holder.counter?.wiped[plane].add(sessionId);
    const running = core;
    if (running) setImmediate(() => running.handlers[plane].wiped({ sessionId }));
    return running !== undefined;
  };
  const settings: CounterSettings = {
    schema: 'zhiqing-counter/1',
    hall: '人民路营业厅',
    hallEn: 'Renmin Road Hall',
    counter: '3',
    deviceId: DEVICE,
    central: {
      url: 'https://central.invalid',
      enrolUrl: 'https://central.invalid',
      caFile: 'ca.pem',
      timeoutSeconds: 1,
    },
    displays: 'auto',
    language: 'zh-CN',
    presence: { idleSeconds: 60, lastCallSeconds: 20 },
    handoverFolder: join(base, 'handover'),
    caPem: shared.authority.root.certificatePem,
  } as CounterSettings;
  core = await startCore({
    userData,
    settings,
    vault: shared.vault,
    version: '0',
    shell: 'test',
    mode: 'dual',
    customerWindow: { capture: async () => PNG.slice(), print: async () => PDF.slice() },
    force: async () => undefined,
    emit: {
      staff: (name, payload) =>
        name === 'wipe' ? wipe('staff', (payload as { sessionId: string }).sessionId) : true,
      customer: (name, payload) =>
        name === 'wipe' ? wipe('customer', (payload as { sessionId: string }).sessionId) : true,
    },
  });
  return core;
}

/** Files as they are at one instant of this thread; what is renamed meanwhile is as good as not there. */
function snapshot(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) snapshot(source, target);
    else if (!entry.name.endsWith('.partial')) copyFileSync(source, target);
  }
}

/** The entry of a line; nothing when a crash has cut it short. */
function readEntry(line: string): AuditEntry | undefined {
  try {
    return auditEntrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
