import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  fromChromium,
  headerToChromium,
  labelOf,
  partitionOf,
  setCustomScheme,
  toChromium,
} from '../addresses.ts';

beforeAll(() => setCustomScheme('app'));
const staff = partitionOf('persist:staff');

describe('addresses of a partition', () => {
  it('go to Chromium and come back', () => {
    const paths = fc.stringMatching(/^(\/[a-z0-9._~-]{0,8}){0,4}(\?[a-z=&]{0,8})?(#[a-z]{0,5})?$/);
    const hosts = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?(\.[a-z]{1,4})?$/);
    fc.assert(
      fc.property(hosts, paths, fc.string(), (host, path, name) => {
        const partition = partitionOf(name);
        const url = `app://${host}${path}`;
        const mapped = toChromium(url, partition);
        expect(new URL(mapped).protocol).toBe('https:');
        expect(labelOf(mapped)).toBe(partition.label);
        expect(fromChromium(mapped, partition)).toBe(url);
      }),
      { numRuns: 1000 },
    );
  });

  it('never share a label with another partition', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), fc.boolean(), (a, b, keepA, keepB) => {
        const one = (keepA ? 'persist:' : '') + a;
        const other = (keepB ? 'persist:' : '') + b;
        expect(partitionOf(one).label === partitionOf(other).label).toBe(one === other);
      }),
      { numRuns: 1000 },
    );
  });

  it('of another partition stay foreign', () => {
    const foreign = toChromium('app://counter/', partitionOf('persist:customer'));
    expect(fromChromium(foreign, staff)).toBe(foreign);
  });

  it.each([
    'https://evil.example/',
    'https://counter.staff.internal.evil.example/',
    'about:blank',
    'data:,x',
  ])('leave %s alone', (url) => {
    expect(fromChromium(url, staff)).toBe(url);
    expect(toChromium(url, staff)).toBe(url);
  });

  it('need a host', () => {
    expect(() => toChromium('app:///index.html', staff)).toThrow('need a host');
  });

  it('are found in headers', () => {
    expect(headerToChromium("default-src 'self' app://a; img-src app: blob:", staff)).toBe(
      "default-src 'self' https://a.staff.internal; img-src https://*.staff.internal blob:",
    );
    expect(headerToChromium('app://counter/x', staff)).toBe('https://counter.staff.internal/x');
  });
});
