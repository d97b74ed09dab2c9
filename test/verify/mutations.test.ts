/** A thousand tampered folders: our verifier finds every one, and so does the independent one in Python. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyFolder } from '../../build/verify/verify.ts';
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { soaking } from '../support/runs.ts';
import { makeHouse } from './house.ts';
import {
  damaged,
  damagedReceiptSignature,
  forged,
  insiderReceipts,
  type Material,
  type Mutant,
  papers,
  rearranged,
  rewritten,
  seeded,
} from './mutations.ts';
import { put, python } from './python.ts';
import { AT, makeVisit } from './visit.ts';

const SEED = 20_261_122;
const COUNT = 1_000;
/** How many of them the verifier in Python sees: it starts openssl up to thirty times a folder. */
const PYTHON_SEES = soaking ? COUNT : 100;
/** Justified: a thousand folders of some ten signatures each, on a shared machine. */
const TIMEOUT = soaking ? 1_800_000 : 300_000;

let mutants: Mutant[];
let genuine: EvidenceFiles;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-mutants-'));
  const house = await makeHouse(AT);
  const elsewhere = await makeHouse(AT);
  const counter = await house.counter('counter-0001');
  const other = await makeVisit(house, counter, { subscriber: '13900010002' });
  genuine = await makeVisit(house, counter);
  const material: Material = {
    genuine,
    other,
    insider: counter.signer,
    neighbour: (await house.counter('counter-0002')).signer,
    stranger: (await elsewhere.counter('counter-0001')).signer,
    strangerRoot: elsewhere.rootPem,
  };
  const random = seeded(SEED);
  mutants = [...damagedReceiptSignature(material, random), ...rearranged(material, random)];
  for await (const mutant of papers(material)) mutants.push(mutant);
  for await (const mutant of forged(material, random, 120)) mutants.push(mutant);
  for await (const mutant of insiderReceipts(material, random, 98)) mutants.push(mutant);
  mutants.push(...rewritten(material, random, 200));
  mutants.push(...damaged(material, random, COUNT - mutants.length));
}, TIMEOUT);
afterAll(() => rm(folder, { recursive: true, force: true }));

const accepted = async (files: EvidenceFiles): Promise<boolean> =>
  (await verifyFolder(new Map(Object.entries(files)), { first: true })).every(({ ok }) => ok);

describe('tampered evidence', () => {
  it('is a thousand folders, and the untouched one is accepted', async () => {
    expect(mutants).toHaveLength(COUNT);
    expect(await accepted(genuine)).toBe(true);
  });

  it(
    'is found by our verifier, every one',
    async () => {
      const missed: string[] = [];
      for (const { name, files } of mutants) if (await accepted(files)) missed.push(name);
      expect(missed).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'is found by the verifier of docs/verify.md too',
    async () => {
      const paths = new Map<string, string>();
      // Spread over all kinds.
      const step = COUNT / PYTHON_SEES;
      for (let i = 0; i < PYTHON_SEES; i++) {
        const mutant = mutants[Math.floor(i * step)];
        if (mutant) paths.set(await put(folder, String(i), mutant.files), mutant.name);
      }
      const whole = await put(folder, 'genuine', genuine);
      const verdicts = await python([whole, ...paths.keys()]);
      expect(verdicts.get(whole)).toBe('ok');
      expect(verdicts.size).toBe(PYTHON_SEES + 1);
      const missed = [...paths].filter(([path]) => verdicts.get(path) !== 'FAIL').map(([, name]) => name);
      expect(missed).toEqual([]);
    },
    TIMEOUT,
  );
});
