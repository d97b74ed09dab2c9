/** One counter: the product's own core with its device key, certificate, audit log, outbox and feed; no windows. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Core, startCore } from '../../../electron/core.ts';
import type { CounterSettings } from '../../../electron/settings.ts';
import { openVault } from '../../../electron/vault/vault.ts';
import type { Status } from '../../../shared/contract/views.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import type { CounterLedger, CounterSpec, FleetSettings } from './messages.ts';
import { Windows } from './windows.ts';

/** What all counters of a process draw alike. */
export interface Drawn {
  readonly picture: Uint8Array<ArrayBuffer>;
  readonly page: Uint8Array<ArrayBuffer>;
}

const LOOK_MS = 100;
/** Three minutes: a machine that opens a thousand of them is busy. */
const CONNECT_LOOKS = 1_800;

export class SimulatedCounter {
  readonly spec: CounterSpec;
  readonly core: Core;
  readonly windows: Windows;
  /** What its audit log says that it did, whatever became of the visit. */
  readonly #did = {
    consents: [] as string[],
    lookups: [] as { lookupId: string; rows: number }[],
    cases: [] as string[],
  };

  private constructor(spec: CounterSpec, core: Core, windows: Windows) {
    this.spec = spec;
    this.core = core;
    this.windows = windows;
    core.audit.onAppend((entry) => this.#note(entry));
  }

  /** Makes its keys, enrols and opens its feed. */
  static async open(spec: CounterSpec, fleet: FleetSettings, caPem: string, drawn: Drawn) {
    const userData = join(fleet.folder, spec.deviceId);
    const handoverFolder = join(userData, 'handover');
    await mkdir(handoverFolder, { recursive: true });
    const settings: CounterSettings = {
      schema: 'zhiqing-counter/1',
      hall: spec.hall,
      hallEn: spec.hall,
      counter: '1',
      deviceId: spec.deviceId,
      central: { url: fleet.url, enrolUrl: fleet.enrolUrl, caFile: fleet.caFile, timeoutSeconds: 15 },
      enrolmentCode: spec.enrolmentCode,
      displays: 'auto',
      language: 'zh-CN',
      presence: { idleSeconds: 600, lastCallSeconds: 120 },
      handoverFolder,
      caPem,
    };
    const windows = new Windows();
    const core = await startCore({
      userData,
      settings,
      // The key store of the operating system is no part of what is measured.
      vault: await openVault(userData, {
        backend: 'load test',
        seal: async (text) => Buffer.from(text),
        unseal: async (sealed) => ({ text: sealed.toString(), reseal: false }),
      }),
      version: '0.0.0',
      shell: 'load test',
      mode: 'dual',
      customerWindow: { capture: async () => drawn.picture.slice(), print: async () => drawn.page.slice() },
      force: async () => undefined,
      emit: windows.emit,
    });
    windows.wiped = (plane, sessionId) => void core.handlers[plane].wiped({ sessionId });
    await core.endLeftVisits();
    const counter = new SimulatedCounter(spec, core, windows);
    await counter.connected();
    return counter;
  }

  /** Resolves once central has been heard. @throws Error when that takes longer than it ever should */
  async connected(): Promise<void> {
    for (let i = 0; i < CONNECT_LOOKS; i++) {
      if (this.#status().central.state === 'connected') return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Error(`${this.spec.deviceId} has not been able to connect`);
  }

  /** Resolves once the log says that a policy of this version was adopted. */
  adopted(version: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.core.audit.onAppend(({ action, facts }) => {
      if (action === 'policy-adopted' && facts?.version === version) resolve();
    });
    return promise;
  }

  /** The clerk leaves: what comes after is the counter's own. */
  async signOut(): Promise<void> {
    const { staff } = this.core.handlers;
    if ((await staff.getView({})).staff) await staff.signOut({});
  }

  /** Whether everything is delivered, and the whole log cosigned. */
  get settled(): boolean {
    const { audit } = this.core;
    return this.#status().outbox.count === 0 && (audit.status().cosigned?.size ?? 0) === audit.size;
  }

  #note({ action, consentId, facts }: AuditEntry): void {
    const { consents, lookups, cases } = this.#did;
    if (action === 'consent-accepted' && consentId) consents.push(consentId);
    if (action === 'case-recorded') cases.push(String(facts.case));
    if (action === 'lookup-answered') {
      lookups.push({ lookupId: String(facts.lookupId), rows: Number(facts.rows) });
    }
  }

  #status(): Status {
    const status = this.core.handlers.staff.getStatus({});
    if (status instanceof Promise) throw new TypeError('status');
    return status;
  }

  async ledger(): Promise<CounterLedger> {
    const { audit } = this.core;
    const { size, intact, cosigned } = audit.status();
    return {
      deviceId: this.spec.deviceId,
      audit: { size, head: (await audit.headAt(size)) ?? '', cosigned: cosigned?.size ?? 0, intact },
      ...this.#did,
    };
  }
}
