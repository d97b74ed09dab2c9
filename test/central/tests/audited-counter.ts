/** A counter with audit entries of its own, whose tree it signs. */
import { auditOrigin, signCheckpoint } from '../../../shared/canonical/checkpoint.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../../shared/canonical/json.ts';
import { merkleRoot } from '../../../shared/canonical/merkle.ts';
import { noteKey } from '../../../shared/canonical/signed-note.ts';
import { publicKeyOf } from '../../../shared/canonical/verify-audit.ts';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import type { Central } from '../service.ts';
import { TestCounter } from './client.ts';
import { told } from './fixture.ts';

export class AuditedCounter extends TestCounter {
  readonly device: string;
  entries: AuditEntry[] = [];

  static async make(central: Central, device: string): Promise<AuditedCounter> {
    return new AuditedCounter(central, device, await central.makeDevice(device));
  }
  constructor(central: Central, device: string, identity: TestCounter['identity']) {
    super(central, identity);
    this.device = device;
  }
  async add(count: number, fact = 'a'): Promise<void> {
    for (let i = 0; i < count; i++) {
      const last = this.entries.at(-1);
      this.entries.push({
        schema: 'zhiqing-audit/1',
        seq: this.entries.length,
        at: new Date(1_700_000_000_000).toISOString(),
        device: this.device,
        action: 'core-started',
        facts: { fact },
        salt: 'AAAAAAAAAAAAAAAAAAAAAA',
        previous: last ? await hashOf(last) : '0'.repeat(64),
      });
    }
  }
  root(size = this.entries.length, entries = this.entries) {
    return merkleRoot(entries.slice(0, size).map(canonicalBytes));
  }
  async sign(size = this.entries.length, root = this.root(size), device = this.device): Promise<string> {
    const key = await noteKey(auditOrigin(device), 'ecdsa', publicKeyOf(this.identity.certificate));
    return signCheckpoint({ size, root }, { ...key, privateKey: this.identity.privateKey });
  }
  async send(entries: readonly AuditEntry[] = this.entries): Promise<void> {
    await this.call('audit', { body: { entries } });
  }
  async cosign(seen = 0, checkpoint?: string) {
    return this.call('auditCheckpoint', { body: { checkpoint: checkpoint ?? (await this.sign()), seen } });
  }
  async refusal(checkpoint: string): Promise<string> {
    return told(await this.refused('auditCheckpoint', { body: { checkpoint, seen: 0 } }));
  }
}
