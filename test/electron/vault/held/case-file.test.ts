/** The sealed file of a case: opens as it was for the case it was made for, and for nothing else. */
import { describe, expect, it } from 'vitest';
import {
  type HeldBinding,
  HeldFileError,
  openDetails,
  openSecrets,
  readAbout,
  sealCase,
} from '../../../../electron/vault/held/case-file.ts';
import { concat, fromUtf8, utf8 } from '../../../../shared/canonical/bytes.ts';
import { details, HASH, SUBSCRIBER, secrets, UNTIL } from '../../gate/held/scene.ts';

const key = new Uint8Array(32).fill(7);
const binding: HeldBinding = {
  caseId: '0192f3aa-0000-7000-8000-00000000000f',
  consentHash: HASH,
  heldUntil: UNTIL,
};
const about = { maskedNumber: '139****4321', bytes: { metadata: 40, content: 97 } };
const sealed = () => sealCase(key, binding, { about, details, secrets: secrets() });

describe('a case file', () => {
  it('opens as it was', () => {
    const file = sealed();
    expect(readAbout(file)).toEqual(about);
    expect(openDetails(key, binding, file)).toEqual(details);
    expect(openSecrets(key, binding, file)).toEqual(secrets());
  });

  it('says in plain no more than staff may know', () => {
    const file = sealed();
    const line = fromUtf8(file.subarray(0, file.indexOf(0x0a)));
    expect(Object.keys(JSON.parse(line)).sort()).toEqual(['bytes', 'maskedNumber']);
    expect(Buffer.from(file).toString('latin1')).not.toContain(SUBSCRIBER);
  });

  it('is sealed with another nonce each time', () => {
    expect(sealed()).not.toEqual(sealed());
  });

  const others: [string, Partial<HeldBinding>][] = [
    ['another case', { caseId: '0192f3aa-0000-7000-8000-0000000000ff' }],
    ['another consent', { consentHash: 'd'.repeat(64) }],
    ['a later date', { heldUntil: '2027-12-22T02:00:00.000Z' }],
  ];
  it.each(others)('does not open for %s', (_, change) => {
    const file = sealed();
    const other = { ...binding, ...change };
    expect(() => openSecrets(key, other, file)).toThrow(new HeldFileError('secrets'));
    expect(() => openDetails(key, other, file)).toThrow(new HeldFileError('details'));
  });

  it('does not open with another key', () => {
    const other = new Uint8Array(32).fill(8);
    expect(() => openSecrets(other, binding, sealed())).toThrow(HeldFileError);
    expect(() => openDetails(other, binding, sealed())).toThrow(HeldFileError);
  });

  it('does not open with another line in front', () => {
    const file = sealed();
    const line = utf8(JSON.stringify({ ...about, maskedNumber: '137****0003' }));
    const forged = concat(line, file.subarray(file.indexOf(0x0a)));
    expect(readAbout(forged).maskedNumber).toBe('137****0003');
    expect(() => openSecrets(key, binding, forged)).toThrow(HeldFileError);
    expect(() => openDetails(key, binding, forged)).toThrow(HeldFileError);
  });

  it('opens nothing once any bit of it is turned', () => {
    const file = sealed();
    const opens = (bytes: Uint8Array<ArrayBuffer>) => {
      const results = [openSecrets, openDetails].map((open) => {
        try {
          open(key, binding, bytes);
          return true;
        } catch (error) {
          expect(error).toBeInstanceOf(HeldFileError);
          return false;
        }
      });
      return results.every(Boolean);
    };
    expect(opens(file)).toBe(true);
    for (let at = 0; at < file.length; at += 3) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(opens(changed), `byte ${at}`).toBe(false);
    }
    for (const length of [0, 1, file.indexOf(0x0a), file.indexOf(0x0a) + 1, file.length - 1])
      expect(opens(file.slice(0, length)), `${length} bytes`).toBe(false);
  });
});
