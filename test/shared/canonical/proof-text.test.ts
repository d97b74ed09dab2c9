import { beforeAll, describe, expect, it } from 'vitest';
import { makeProofText, readProofText, verifyProofText } from '../../../shared/canonical/proof-text.ts';
import { publicKeyOf } from '../../../shared/canonical/verify-audit.ts';
import { issue } from './certificates.ts';

const statement = {
  consentSha256: 'ab'.repeat(32),
  manifestSha256: 'cd'.repeat(32),
  size: 120_345,
  root: '0f'.repeat(32),
};
let text: string;
let key: Uint8Array<ArrayBuffer>;
let otherKey: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  const device = await issue({ subject: 'CN=counter-1,OU=device' });
  key = publicKeyOf(device.der);
  otherKey = publicKeyOf((await issue({ subject: 'CN=counter-1,OU=device' })).der);
  text = await makeProofText(statement, device.keys.privateKey, key);
});

describe('the text of a QR code', () => {
  it('is of the code’s alphanumeric mode and reads back', async () => {
    expect(text).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
    expect(text.length).toBeLessThan(420);
    const proof = readProofText(text);
    expect(proof).toMatchObject(statement);
    expect(proof && (await verifyProofText(proof, key))).toBe(true);
  });
  it('is refused under another key or with anything changed', async () => {
    const proof = readProofText(text);
    expect(proof && (await verifyProofText(proof, otherKey))).toBe(false);
    for (const [from, to] of [
      ['C:AB', 'C:BB'],
      ['M:CD', 'M:DD'],
      ['T:120345', 'T:120346'],
      [':0F', ':1F'],
    ] as const) {
      const changed = readProofText(text.replace(from, to));
      expect(changed && (await verifyProofText(changed, key))).toBe(false);
    }
  });
  it('has one spelling', () => {
    for (const other of [
      text.toLowerCase(),
      ` ${text}`,
      `${text}00`,
      text.replace('T:', 'T:0'),
      text.replace(' M:', '\nM:'),
    ])
      expect(readProofText(other)).toBeUndefined();
  });
});
