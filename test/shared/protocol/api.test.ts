import { describe, expect, it } from 'vitest';
import { type ApiName, api, apiPath } from '../../../shared/protocol/api.ts';

describe('api', () => {
  it('fills and encodes path parameters', () => {
    expect(apiPath('page', { lookupId: 'a/b', layer: 'metadata', pages: '3-10' })).toBe(
      '/v1/lookups/a%2Fb/pages/metadata/3-10',
    );
  });
  it('refuses a missing parameter', () => {
    expect(() => apiPath('page', { lookupId: 'x' })).toThrow(/missing path parameter layer/);
  });
  it('no path could carry a number, and each method and path stands once', () => {
    const seen = new Set<string>();
    for (const name of Object.keys(api) as ApiName[]) {
      expect(api[name].path).not.toMatch(/subscriber|number|msisdn/i);
      seen.add(`${api[name].method} ${api[name].path}`);
    }
    expect(seen.size).toBe(Object.keys(api).length);
  });
});
