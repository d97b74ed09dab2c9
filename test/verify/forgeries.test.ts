/** Each way to lie with real keys is told by the very check that is there for it, and by docs/verify.py. */
import { describe, expect, it } from 'vitest';
import { verifyFolder } from '../../build/verify/verify.ts';
import type { EvidenceFiles } from '../../electron/evidence/receipt.ts';
import { contents, type Forgery, log, times, trust, untouched } from './forgeries.ts';

const failed = async (files: EvidenceFiles): Promise<string[]> =>
  (await verifyFolder(new Map(Object.entries(files)))).filter(({ ok }) => !ok).map(({ name }) => name);

describe.each<[string, readonly Forgery[]]>([
  ['whom to trust', trust],
  ['when', times],
  ['what', contents],
  ['the log', log],
])('%s', (_, forgeries) => {
  it.each(forgeries.map((one) => [one.name, one] as const))('tells %s', async (_name, { told, make }) => {
    expect(await failed(await make())).toContain(told);
  });
});

it.each([true, false])('takes what nobody forged (with the log: %s)', async (withLog) => {
  expect(await failed(await untouched(withLog))).toEqual([]);
});
