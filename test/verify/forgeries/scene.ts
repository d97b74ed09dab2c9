/** Folders that holders of real keys made: every hash, signature and proof fits, and what they state cannot be. */
import type { EvidenceFiles } from '../../../electron/evidence/receipt.ts';
import { signPdf } from '../../../electron/evidence/sign-pdf.ts';
import { fromUtf8 } from '../../../shared/canonical/bytes.ts';
import type { ConsentRecord } from '../../../shared/domain/consent.ts';
import { type Counter, type House, type HouseOptions, makeHouse } from '../house.ts';
import { reseal, resign } from '../mutations.ts';
import { remadePdf } from '../remade-pdf.ts';
import { tinyPdf } from '../tiny-pdf.ts';
import { AT, type Forge, makeVisit } from '../visit.ts';

export interface Forgery {
  readonly name: string;
  /** Name of the check of `npm run verify` that tells it. */
  readonly told: string;
  /** Whether docs/verify.py tells it too. docs/verify.md says which rules it leaves out. */
  readonly python: boolean;
  readonly make: () => Promise<EvidenceFiles>;
}

export const HOUR = 3_600_000;
export const MONTH = 30 * 24 * HOUR;
export const later = (text: string, by: number): string => new Date(Date.parse(text) + by).toISOString();

export interface Scene {
  readonly house?: HouseOptions;
  /** Subject of the counter's certificate. */
  readonly subject?: string;
  readonly forge?: Forge;
  readonly log?: boolean;
  readonly after?: (files: EvidenceFiles, counter: Counter, house: House) => Promise<EvidenceFiles>;
}

export async function play({
  house: options = {},
  subject,
  forge = {},
  log,
  after,
}: Scene): Promise<EvidenceFiles> {
  const house = await makeHouse(AT, options);
  const counter = await house.counter('counter-0001', subject);
  const files = await makeVisit(house, counter, { forge, log: log === true });
  return after ? after(files, counter, house) : files;
}

/** The scene without any change: what is found is the forgery, and nothing else. */
export const untouched = (log: boolean): Promise<EvidenceFiles> => play({ log });

export function forgery(told: string, name: string, scene: Scene, python = true): Forgery {
  return { name, told, python, make: () => play(scene) };
}

type Receipt = { report?: Record<string, unknown>; madeAt: string } & Record<string, unknown>;

/** The receipt is changed and signed anew by the counter, in the second that it then states. */
export const receipt =
  (change: (document: Receipt) => void, late = 0): NonNullable<Scene['after']> =>
  async (files, counter) => {
    const document = JSON.parse(fromUtf8(files['receipt.json'] ?? new Uint8Array()));
    change(document);
    const at = new Date(Date.parse(document.madeAt) + late);
    return resign(files, 'receipt', document, counter.signer, at);
  };

/** A paper of the counter's own, put in its place and named by the receipt. */
export const paper =
  (
    name: string,
    reason: string,
    late: number,
    change: (text: string) => string = (text) => text,
  ): NonNullable<Scene['after']> =>
  async (files, counter) => {
    const at = new Date(AT + 120_000 + late);
    const pdf = await signPdf(tinyPdf('Three records'), counter.signer, reason, at);
    return reseal({ ...files, [name]: await remadePdf(pdf, counter.signer, change) }, counter.signer);
  };

export const party = (record: ConsentRecord, role: string) => {
  const found = record.parties.find((one) => one.role === role);
  if (!found) throw new TypeError(`no ${role}`);
  return found;
};

export const consent = (name: string, change: (record: ConsentRecord) => void, told: string, python = true) =>
  forgery(told, name, { forge: { consent: change } }, python);

/** The same of a consent that no schema of ours takes: signed, sealed and logged by a core that somebody wrote anew. */
export const strange = (name: string, signed: (record: ConsentRecord) => void) =>
  forgery('consent.p7s', name, {
    forge: { signed },
    after: receipt((it) => {
      signed(it.consent as ConsentRecord);
    }),
  });
