/** Where evidence gets what the visit itself does not hold. */
import type { SignedDocument } from '../../shared/canonical/signed-document.ts';
import type { AuditProof } from '../../shared/domain/audit.ts';
import type { TrustedClock } from '../central/clock.ts';
import type { Connection } from '../central/connection.ts';
import type { CustomerWindow } from '../gate/visit.ts';
import type { CounterSettings } from '../settings.ts';
import type { DeviceKey } from '../vault/vault.ts';

/** What of the core the evidence of a visit is made with. */
export interface EvidenceDeps {
  clock: Pick<TrustedClock, 'now'>;
  connection: Pick<Connection, 'identity'>;
  customerWindow: Pick<CustomerWindow, 'print'>;
  deviceKey: Pick<DeviceKey, 'privateKey'>;
  evidence: EvidenceSources;
  settings: Pick<CounterSettings, 'caPem'>;
}

export interface EvidenceSources {
  /**
   * That an entry is in the log: under central's cosignature, or on the counter's word alone where central can't be
   * had, since the customer gets it all the same.
   */
  prove(seq: number): Promise<AuditProof>;
  /** RFC 6962 proof (hexadecimal) that the log of `oldSize` entries is the beginning of the log of `size`. */
  consistency(oldSize: number, size: number): string[];
  /** Central's signed statement of the key it cosigns with. Undefined until central was heard. */
  witness(): SignedDocument<unknown> | undefined;
}
