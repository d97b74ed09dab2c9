/** Starts the reference central service: for `npm run central`, `npm start`, the demo and tests. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addDays, dayOf } from '../../shared/domain/period.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import { buildApp, drain, type Intercept, mutualTls, serverTls } from './app.ts';
import { openCentralLog } from './audit/central-log.ts';
import { openWitness } from './audit/witness.ts';
import { openTokenService } from './auth.ts';
import { changeFeed } from './changes/feed.ts';
import type { Context } from './context.ts';
import { openDatabase } from './database/open.ts';
import { type DemoHandle, demoHandle } from './demo.ts';
import { bindEst } from './est.ts';
import { allHandlers } from './handlers.ts';
import { addMonths, type Housekeeping, housekeeping } from './housekeeping.ts';
import { type ImportResult, importRecords } from './import.ts';
import { openServiceKeys, openTokenKey } from './keys.ts';
import { lockData } from './lock.ts';
import { databasePageStore, filePageStore } from './page-store.ts';
import { openAuthority } from './pki/authority.ts';
import { demoPolicy } from './policy/demo-policy.ts';
import { policyStore } from './policy/store.ts';
import { databaseRecords, type RecordSource } from './record-source.ts';
import { bindRoutes } from './routes.ts';
import { openSealer } from './seal/sealer.ts';
import { openServiceLog } from './service-log.ts';
import { demoPhones, type PhoneMessage } from './sms-gateway.ts';
import { requireSameKeys, takeTurn } from './start-up.ts';
import { loadDemoData, loadDemoStaff } from './synthetic/load.ts';

export interface CentralOptions {
  /** Everything the service keeps; a temporary folder, removed by `close`, when left out. */
  readonly dataDir?: string;
  /**
   * `postgres://` address; embedded PostgreSQL in the data folder when left out. Over a server any number of
   * processes may serve: the data folder holds the keys that they share, and the demo's phones.
   */
  readonly database?: string;
  /** Port of the counters' listener on 127.0.0.1; enrolment listens on the next one. Any free ones when left out. */
  readonly port?: number;
  /** Last day with demo records, `YYYY-MM-DD`; yesterday in China when left out. `none` loads no demo customers. */
  readonly createdThrough?: string;
  /** Messages of the heavy user in the last month; 20,000 when left out. Fewer start quicker. */
  readonly heavyMessages?: number;
  /** A word put into every demo text and service password, so that a search finds where they went. */
  readonly sentinel?: string;
  /** Keeps service passwords to digits even with a sentinel; they are still unlike any other number. */
  readonly numericPasswords?: boolean;
  /** The service's clock, epoch ms; for tests. TLS goes by the machine's. */
  readonly now?: () => number;
  /** The first policy in force, made from the demo's. */
  readonly policy?: (demo: Policy) => Policy;
  /** Records from somewhere else. */
  readonly records?: RecordSource;
  /** Told of each text sent to a phone, the number masked. */
  readonly onPhone?: (message: PhoneMessage) => void;
  /** Tests may answer a request in the service's place. */
  readonly intercept?: Intercept;
}

export interface Central extends DemoHandle {
  /** `https://localhost:<port>`; mutual TLS 1.3. */
  readonly url: string;
  /** `https://localhost:<port>` of the enrolment listener (RFC 7030). */
  readonly estUrl: string;
  readonly dataDir: string;
  /** PEM file of the root, the only certificate to trust. */
  readonly caPath: string;
  /** PEM files of the demo client, device id `demo-client`. */
  readonly clientCertificatePath: string;
  readonly clientKeyPath: string;
  /** The service's log. */
  readonly logPath: string;
  /** Not started by itself: the command does. */
  readonly housekeeping: Housekeeping;
  /** Loads JSON Lines. @throws ImportError */
  importRecords(file: string): Promise<ImportResult>;
  /** Hands its counters on to the other processes, for so long at most; then `close` ends what is left. */
  drain(limitMs: number): Promise<void>;
  /** Ends all connections and closes everything. */
  close(): Promise<void>;
}

export async function startCentral(options: CentralOptions = {}): Promise<Central> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    return await start(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: CentralOptions,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Central> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'zhiqing-central-')));
  if (options.dataDir === undefined) closers.push(() => rm(dataDir, { recursive: true, force: true }));
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const { database } = options;
  // An embedded database is one process's; over a server any number start, in turn.
  const started = database ? await takeTurn(database) : await lockData(join(dataDir, 'central.lock'));
  closers.push(started);
  const db = await openDatabase(database ? { url: database } : { folder: join(dataDir, 'database') });
  closers.push(() => db.destroy());
  const logPath = join(dataDir, 'central.log');
  const log = openServiceLog(logPath);
  closers.push(() => log.close());
  const sealer = openSealer();
  closers.push(() => sealer.close());

  const now = options.now ?? Date.now;
  const authority = await openAuthority(join(dataDir, 'ca'));
  const keys = await openServiceKeys(join(dataDir, 'ca', 'service.key'));
  const tokenKey = await openTokenKey(join(dataDir, 'ca', 'token.key.pem'));
  const changes = changeFeed(db);
  closers.push(async () => changes.close());
  const witness = await openWitness(join(dataDir, 'ca'), authority.central, now());
  await requireSameKeys(db, { authority, keys, tokenKey, witness });
  const phones = demoPhones(join(dataDir, 'phone'), keys, options.onPhone);
  const context: Context = {
    db,
    authority,
    keys,
    tokens: await openTokenService(db, tokenKey),
    witness,
    centralLog: await openCentralLog(db, witness, now),
    changes,
    policies: policyStore(db, authority.central, now, changes),
    records: options.records ?? databaseRecords(db),
    sealer,
    pages: database ? databasePageStore(db) : filePageStore(join(dataDir, 'pages')),
    sms: phones,
    log,
    now,
  };
  if (await context.policies.any()) await context.policies.renew();
  else {
    const demo = demoPolicy(now());
    await context.policies.publish(options.policy?.(demo) ?? demo);
  }
  await loadDemoStaff(db);
  if (options.createdThrough !== 'none') {
    // Yesterday: a record of today could be from an hour that is yet to come.
    const through = options.createdThrough ?? addDays(dayOf(now()), -1);
    await loadDemoData(db, keys, { ...options, through });
  }
  const demo = await demoHandle(context, phones, dataDir, options);
  await addMonths(db, now());
  const house = housekeeping(context);
  closers.push(house.stop);
  if (database) await started();

  const { intercept } = options;
  const app = buildApp({ tls: mutualTls(authority), log, intercept });
  bindRoutes(app, context, allHandlers(context));
  const est = buildApp({ tls: serverTls(authority), log });
  bindEst(est, context);
  const { port } = options;
  const url = await listen(app, port ?? 0, closers);
  const estUrl = await listen(est, port ? port + 1 : 0, closers);
  return {
    ...demo,
    url,
    estUrl,
    dataDir,
    logPath,
    housekeeping: house,
    importRecords: (file) => importRecords(db, keys, file, options),
    drain: async (limitMs) => {
      changes.close();
      await Promise.all([drain(app, limitMs), drain(est, limitMs)]);
    },
    close,
  };
}

async function listen(
  app: FastifyInstance,
  port: number,
  closers: (() => Promise<unknown>)[],
): Promise<string> {
  closers.push(() => app.close());
  // Loopback: this is a reference, not a server for a network.
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `https://localhost:${address.port}`;
}
