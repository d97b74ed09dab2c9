/** A counter after some days of work: full segments, a day list, an outbox that waits for the line. */
import { join } from 'node:path';
import { openAuditLog } from '../../../electron/audit/log.ts';
import { openVault } from '../../../electron/vault/vault.ts';
import { BareCounter } from '../counter/bare-counter.ts';
import { type FaultCentral, openCentral } from '../counter/central.ts';
import { fileKeyStore } from '../counter/key-store.ts';
import { entryFact, Ledger } from '../counter/ledger.ts';
import { type Place, writeSettings } from '../counter/profile.ts';
import { playVisit } from '../counter/visit.ts';
import type { Random } from '../random.ts';
import { resetter } from './reset.ts';

export interface Base {
  place: Place;
  /** What this counter has acknowledged. */
  ledger: Ledger;
  central: FaultCentral;
  /** Whether central is silent. */
  line: { cut: boolean };
  /** Puts central back to what it knew when the profile was left: another copy of it begins there. */
  reset(): Promise<void>;
}

export async function baseProfile(folder: string, random: Random): Promise<Base> {
  const line = { cut: false };
  const central = await openCentral(folder, (request) => {
    if (line.cut) request.raw.socket.destroy();
    return line.cut;
  });
  const place = await central.newCounter(join(folder, 'base'), 'counter-0001');
  const ledger = new Ledger();
  await fillSegments(place, ledger);

  const counter = await BareCounter.open(place);
  const facts: Promise<void>[] = [];
  counter.core.audit.onAppend((entry) => void facts.push(entryFact(entry).then(ledger.note)));
  await counter.signIn();
  const visit = (onReading = async () => undefined) =>
    playVisit(counter, { known: central.somebody(random), random, acknowledge: ledger.note, onReading });
  await visit();
  // Something for the feed to remember.
  const before = counter.core.audit.size;
  await central.central.publishPolicy((policy) => policy);
  await counter.until('the new policy', () => counter.core.audit.size > before);
  await visit();
  await counter.until('an empty outbox', () => counter.status().outbox.count === 0);
  // The line goes while the third customer reads: the end of their visit waits.
  await visit(async () => {
    line.cut = true;
    return undefined;
  });
  await counter.close();
  await Promise.all(facts);
  // IT takes the code out of the settings; the counter has seen that.
  const { url, estUrl: enrolUrl, caPath: caFile } = central.central;
  writeSettings(place, { url, enrolUrl, caFile });
  await (await BareCounter.open(place)).close();
  line.cut = false;
  return { place, ledger, central, line, reset: await resetter(central.central, place) };
}

/** Full segments and what comes with them; the real ones take eight thousand entries. */
async function fillSegments({ userData, keyring, deviceId }: Place, ledger: Ledger): Promise<void> {
  const { deviceKey, stateKey } = await openVault(userData, fileKeyStore(keyring));
  const { log } = await openAuditLog({
    folder: join(userData, 'audit'),
    device: deviceId,
    key: deviceKey,
    stateKey,
    segmentBytes: 4_000,
  });
  for (let i = 0; i < 24; i++) ledger.note(await entryFact(await log.append('log-viewed', { facts: { i } })));
  await log.close();
}
