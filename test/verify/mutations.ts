/** A thousand ways to tamper with an evidence folder: by accident, by a stranger, by another counter, by this one. */
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { signPdf } from '../../electron/evidence/sign-pdf.ts';
import { type Bytes, concat, fromUtf8, toBase64, utf8 } from '../../shared/canonical/bytes.ts';
import { signDetached } from '../../shared/canonical/cms.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { canonicalBytes } from '../../shared/canonical/json.ts';
import type { DocumentSigner } from '../../shared/canonical/signed-document.ts';
import { tinyPdf } from './tiny-pdf.ts';

export interface Mutant {
  /** What was done, for the report of a failure. */
  readonly name: string;
  readonly files: EvidenceFiles;
}

export interface Material {
  readonly genuine: EvidenceFiles;
  /** Genuine too, of another visit at the same counter. */
  readonly other: EvidenceFiles;
  /** The counter's own key: what a dishonest counter could do afterwards. */
  readonly insider: DocumentSigner;
  /** Another counter of the same operator. */
  readonly neighbour: DocumentSigner;
  /** Somebody with a root of their own. */
  readonly stranger: DocumentSigner;
  readonly strangerRoot: string;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Random = (below: number) => number;

/** A small generator of its own (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const names = (files: EvidenceFiles): string[] => Object.keys(files).sort();
const of = (files: EvidenceFiles, name: string): Bytes => {
  const bytes = files[name];
  if (!bytes) throw new TypeError(`no ${name}`);
  return bytes;
};
const same = (a: Bytes, b: Bytes): boolean => Buffer.compare(a, b) === 0;
const pick = <T>(list: readonly T[], random: Random): T => {
  const item = list[random(list.length)];
  if (item === undefined) throw new TypeError('nothing to pick');
  return item;
};

export function* damaged({ genuine }: Material, random: Random, count: number): Generator<Mutant> {
  for (let i = 0; i < count; i++) {
    // Every file in turn.
    const name = names(genuine)[i % names(genuine).length] ?? '';
    const bytes = of(genuine, name);
    const kind = pick(['flip', 'flip', 'flip', 'flip', 'cut', 'grow', 'insert', 'remove'] as const, random);
    const at = random(bytes.length);
    const changed = bytes.slice();
    if (kind === 'flip') changed[at] = (changed[at] ?? 0) ^ (1 << random(8));
    const made = {
      flip: () => changed,
      cut: () => bytes.slice(0, at),
      grow: () => concat(bytes, new Uint8Array([random(256)])),
      insert: () => concat(bytes.subarray(0, at), new Uint8Array([random(256)]), bytes.subarray(at)),
      remove: () => concat(bytes.subarray(0, at), bytes.subarray(at + 1)),
    }[kind]();
    yield { name: `${kind} ${name} at ${at}`, files: { ...genuine, [name]: made } };
  }
}

/** Every byte of the one signature that no other file covers is flipped in turn. */
export function* damagedReceiptSignature({ genuine }: Material, random: Random): Generator<Mutant> {
  const bytes = of(genuine, 'receipt.p7s');
  for (let at = 0; at < bytes.length; at += 4) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << random(8));
    yield { name: `receipt.p7s byte ${at}`, files: { ...genuine, 'receipt.p7s': changed } };
  }
}

export function* rearranged({ genuine, other }: Material, random: Random): Generator<Mutant> {
  for (const name of names(genuine)) {
    const { [name]: _, ...rest } = genuine;
    yield { name: `without ${name}`, files: rest };
    yield { name: `empty ${name}`, files: { ...genuine, [name]: new Uint8Array() } };
    yield { name: `${name} under another name`, files: { ...rest, [`${name}.bak`]: of(genuine, name) } };
  }
  for (const name of ['extra.txt', 'receipt2.json', 'consent.json.bak', '.hidden', 'report2.pdf'])
    yield { name: `with ${name}`, files: { ...genuine, [name]: utf8('{}') } };
  // Notice, root and witness are the same in every folder.
  const swappable = names(genuine).filter((name) => !same(of(genuine, name), of(other, name)));
  for (const name of swappable)
    yield { name: `${name} of another visit`, files: { ...genuine, [name]: of(other, name) } };
  for (const stem of ['consent', 'acceptance', 'manifest', 'receipt'])
    yield {
      name: `${stem} with its signature, of another visit`,
      files: {
        ...genuine,
        [`${stem}.json`]: of(other, `${stem}.json`),
        [`${stem}.p7s`]: of(other, `${stem}.p7s`),
      },
    };
  for (let i = 0; i < 40; i++) {
    const a = pick(names(genuine), random);
    const b = pick(names(genuine), random);
    if (same(of(genuine, a), of(genuine, b))) continue;
    yield {
      name: `${a} and ${b} exchanged`,
      files: { ...genuine, [a]: of(genuine, b), [b]: of(genuine, a) },
    };
  }
}

/** Changes one leaf of a document; the text stays canonical. */
export function changeLeaf(value: Json, random: Random): { changed: Json; path: string } {
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return { changed: Array.isArray(value) ? ['x'] : { x: 'x' }, path: '+' };
    const key = pick(keys, random);
    const inner = changeLeaf((value as Record<string, Json>)[key] ?? null, random);
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, Json>;
    copy[key] = inner.changed;
    return { changed: copy as Json, path: `${key}.${inner.path}` };
  }
  if (typeof value === 'number') return { changed: value + 1, path: '' };
  if (typeof value === 'boolean') return { changed: !value, path: '' };
  if (value === null) return { changed: 'x', path: '' };
  const at = random(value.length);
  const letter = value[at] === '1' ? '2' : '1';
  return { changed: value.slice(0, at) + letter + value.slice(at + 1), path: '' };
}

const json = (files: EvidenceFiles, name: string): Json => JSON.parse(fromUtf8(of(files, name)));

export function* rewritten({ genuine }: Material, random: Random, count: number): Generator<Mutant> {
  const documents = names(genuine).filter((name) => name.endsWith('.json'));
  for (let i = 0; i < count; i++) {
    const name = documents[i % documents.length] ?? '';
    const { changed, path } = changeLeaf(json(genuine, name), random);
    yield { name: `${name} ${path}`, files: { ...genuine, [name]: canonicalBytes(changed) } };
  }
}

/** When a document of a folder says that it was signed. */
function statedTime(files: EvidenceFiles, stem: string): Date {
  const { events, acceptedAt, answeredAt, madeAt, validFrom } = JSON.parse(
    fromUtf8(of(files, `${stem}.json`)),
  );
  return new Date(events?.[0].at ?? acceptedAt ?? answeredAt ?? madeAt ?? validFrom);
}

/** Signs a document anew. */
export async function resign(
  files: EvidenceFiles,
  stem: string,
  document: Json,
  signer: DocumentSigner,
  // In the second that it states: what is wrong is what was changed, and nothing else.
  signingTime: Date = statedTime(files, stem),
): Promise<EvidenceFiles> {
  const content = canonicalBytes(document);
  const cms = await signDetached({ content, ...signer, signingTime });
  return { ...files, [`${stem}.json`]: content, [`${stem}.p7s`]: cms };
}

/** Makes the receipt name the files as they are now, and signs it anew. */
export async function reseal(
  files: EvidenceFiles,
  signer: DocumentSigner,
  change: Record<string, Json> = {},
): Promise<EvidenceFiles> {
  const receipt = json(files, 'receipt.json') as Record<string, Json>;
  const hashes: Record<string, string> = {};
  for (const name of names(files)) {
    if (!name.startsWith('receipt.') || name === 'receipt.pdf')
      hashes[name] = await sha256Hex(of(files, name));
  }
  return resign(files, 'receipt', { ...receipt, files: hashes, ...change }, signer);
}

/** Documents that only a holder of a key could have made so. */
export async function* forged(material: Material, random: Random, count: number): AsyncGenerator<Mutant> {
  const { genuine, stranger, neighbour, insider } = material;
  const signers = { stranger, neighbour, insider };
  const stems = ['consent', 'acceptance', 'manifest', 'witness'] as const;
  for (let i = 0; i < count; i++) {
    const stem = stems[i % stems.length] ?? 'consent';
    const who = pick(['stranger', 'neighbour', 'insider'] as const, random);
    const { changed, path } = changeLeaf(json(genuine, `${stem}.json`), random);
    let files = await resign(genuine, stem, changed, signers[who]);
    const change: Record<string, Json> =
      stem === 'consent' ? { consent: changed, consentCms: toBase64(of(files, 'consent.p7s')) } : {};
    files = await reseal(files, insider, change);
    yield { name: `${stem} ${path} by the ${who}, sealed by the insider`, files };
  }
}

/** What a dishonest counter could try with its own receipt. */
export async function* insiderReceipts(
  material: Material,
  random: Random,
  count: number,
): AsyncGenerator<Mutant> {
  const { genuine, insider, neighbour, stranger } = material;
  const fields = ['consent', 'consentCms', 'manifestSha256', 'audit', 'report', 'qr', 'files'] as const;
  for (let i = 0; i < count; i++) {
    const field = fields[i % fields.length] ?? 'qr';
    const receipt = json(genuine, 'receipt.json') as Record<string, Json>;
    const { changed, path } = changeLeaf(receipt[field] ?? null, random);
    yield {
      name: `receipt ${field}.${path} by the insider`,
      files: await resign(genuine, 'receipt', { ...receipt, [field]: changed }, insider),
    };
  }
  for (const name of [
    'notice.txt',
    'window.png',
    'ink.json',
    'answers.json',
    'checkpoint',
    'report.pdf',
    'ca.pem',
  ]) {
    const bytes = of(genuine, name).slice();
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    yield {
      name: `${name} sealed anew by the insider`,
      files: await reseal({ ...genuine, [name]: bytes }, insider),
    };
  }
  const { report: _, ...withoutReport } = json(genuine, 'receipt.json') as Record<string, Json>;
  yield { name: 'report denied', files: await resign(genuine, 'receipt', withoutReport, insider) };
  for (const [who, signer] of Object.entries({ neighbour, stranger }))
    yield { name: `sealed by the ${who}`, files: await reseal(genuine, signer) };
  const code = { ...(json(genuine, 'receipt.json') as { withdrawal: Record<string, Json> }).withdrawal };
  yield {
    name: 'another withdrawal code',
    files: await reseal(genuine, insider, { withdrawal: { ...code, code: '0000-0000-0000-0000' } }),
  };
}

/** PDFs with something added, taken away, or signed by somebody else. */
export async function* papers(material: Material): AsyncGenerator<Mutant> {
  const { genuine, insider, neighbour, stranger } = material;
  const at = statedTime(genuine, 'receipt');
  for (const [name, reason] of [
    ['report.pdf', 'Report on communication records'],
    ['receipt.pdf', 'Receipt of a consent'],
  ] as const) {
    const pdf = of(genuine, name);
    const update = utf8('\n9 0 obj\n<</Type /Annot>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n');
    const again = await signPdf(tinyPdf('Other records'), insider, reason, at);
    const made: Record<string, Bytes> = {
      'with an update behind it': concat(pdf, update),
      'made anew by the insider': again,
      'of the neighbour': await signPdf(tinyPdf('Three records'), neighbour, reason, at),
      'of the stranger': await signPdf(tinyPdf('Three records'), stranger, reason, at),
      unsigned: tinyPdf('Three records'),
    };
    for (const [how, bytes] of Object.entries(made)) {
      // The receipt may be remade by the counter itself, as often as the customer wants: that one is genuine.
      const sealed = name === 'receipt.pdf' && how === 'made anew by the insider';
      yield { name: `${name} ${how}`, files: { ...genuine, [name]: bytes } };
      if (!sealed)
        yield { name: `${name} ${how}, sealed`, files: await reseal({ ...genuine, [name]: bytes }, insider) };
    }
  }
  yield { name: 'another root', files: { ...genuine, 'ca.pem': utf8(material.strangerRoot) } };
  yield {
    name: 'another root, sealed',
    files: await reseal({ ...genuine, 'ca.pem': utf8(material.strangerRoot) }, insider),
  };
}
