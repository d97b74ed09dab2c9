/** What the routes share. */
import type { CentralLog } from './audit/central-log.ts';
import type { WitnessKeys } from './audit/witness.ts';
import type { TokenService } from './auth.ts';
import type { ChangeFeed } from './changes/feed.ts';
import type { Database } from './database/open.ts';
import type { ServiceKeys } from './keys.ts';
import type { PageStore } from './page-store.ts';
import type { Authority } from './pki/authority.ts';
import type { PolicyStore } from './policy/store.ts';
import type { RecordSource } from './record-source.ts';
import type { Sealer } from './seal/sealer.ts';
import type { ServiceLog } from './service-log.ts';
import type { SmsGateway } from './sms-gateway.ts';

export interface Context {
  readonly db: Database;
  readonly authority: Authority;
  readonly keys: ServiceKeys;
  readonly tokens: TokenService;
  readonly witness: WitnessKeys;
  readonly centralLog: CentralLog;
  readonly changes: ChangeFeed;
  readonly policies: PolicyStore;
  readonly records: RecordSource;
  readonly sealer: Sealer;
  readonly pages: PageStore;
  readonly sms: SmsGateway;
  readonly log: ServiceLog;
  /** The service's clock, epoch ms. Nothing that a counter says about time replaces it. */
  now(): number;
}
