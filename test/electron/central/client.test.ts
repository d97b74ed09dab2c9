import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../electron/central/client.ts';
import { networkFailure } from '../../../electron/central/network-error.ts';
import { centralState, waitsFor } from '../../../electron/central/status.ts';
import { utf8 } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';
import { api } from '../../../shared/protocol/api.ts';
import { problem } from '../../../shared/protocol/problem.ts';

const json = (status: number, body: unknown) => ({
  status,
  contentType: 'application/json',
  body: utf8(typeof body === 'string' ? body : JSON.stringify(body)),
});
const good = { serverTime: '2026-11-22T02:00:00.000Z', policyVersion: 3 };
const kind = (read: ReturnType<typeof readAnswer>) => ('failure' in read ? read.failure.error.kind : 'value');

describe('answers of central', () => {
  it('gives what the schema allows', () => {
    expect(readAnswer(api.status, json(200, good))).toEqual({ outcome: 'answered', value: good });
  });
  it.each([
    ['an unknown field', json(200, { ...good, extra: 1 }), 'central-garbage'],
    ['no JSON', json(200, '<html>'), 'central-garbage'],
    ['not UTF-8', { ...json(200, ''), body: new Uint8Array([0xff]) }, 'central-garbage'],
    ['a redirect', json(302, ''), 'central-garbage'],
    ['a problem', json(422, problem('consent-rejected')), 'consent-rejected'],
    ['a refusal that is no problem document', json(403, 'no'), 'central-refused'],
    ['a failure', json(500, problem('internal')), 'central-failed'],
    ['a failure that is no problem document', json(503, ''), 'central-failed'],
    ['a failure that says it is a refusal', json(500, problem('forbidden')), 'central-failed'],
  ])('takes %s for what it is', (_, answer, expected) => {
    expect(kind(readAnswer(api.status, answer))).toBe(expected);
  });
  it('takes sealed bytes only as such', () => {
    const page = { status: 200, contentType: 'application/octet-stream', body: new Uint8Array([1]) };
    expect(readAnswer(api.page, page)).toMatchObject({ value: page.body });
    expect(kind(readAnswer(api.page, { ...page, contentType: 'text/html' }))).toBe('central-garbage');
  });
  it('keeps the tries left', () => {
    const read = readAnswer(api.prove, json(403, problem('identity-failed', { triesLeft: 2 })));
    expect('failure' in read && read.failure.error).toMatchObject({ kind: 'identity-failed', triesLeft: 2 });
  });
});

describe('errors below HTTP', () => {
  const error = (code: string) => Object.assign(new Error('with a number 13900010001'), { code });
  it.each([
    ['ECONNREFUSED', 'central-unreachable'],
    ['ENOTFOUND', 'central-unreachable'],
    ['ECONNRESET', 'central-unreachable'],
    ['CERT_HAS_EXPIRED', 'central-untrusted'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'central-untrusted'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'central-untrusted'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'central-untrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'central-untrusted'],
    ['EPROTO', 'central-untrusted'],
  ])('%s is %s', (code, expected) => {
    const failure = networkFailure(error(code));
    expect(failure.error).toMatchObject({ kind: expected, detail: code });
    expect(failure.message).not.toContain('139');
  });
  it('passes on our own, and tells nothing of a code that is none', () => {
    const own = new Failure('central-garbage');
    expect(networkFailure(own)).toBe(own);
    expect(networkFailure(error('13900010001 x')).error.detail).toBe('NETWORK');
  });
});

describe('state of the line', () => {
  const state = (
    answered: number | undefined,
    outcome?: 'answered' | 'central-untrusted' | 'central-unreachable',
  ) =>
    centralState(
      {
        enrolled: true,
        lastAnswer: () => answered,
        lastOutcome: () => (outcome ? { outcome, at: 0 } : undefined),
      },
      100_000,
    );
  it('is connected for 30 s after an authenticated answer, and not longer', () => {
    expect(state(70_001, 'answered')).toBe('connected');
    expect(state(70_000, 'answered')).toBe('unreachable');
    expect(state(undefined)).toBe('waiting');
    expect(state(undefined, 'central-untrusted')).toBe('refused');
    expect(state(1, 'central-unreachable')).toBe('unreachable');
  });
});

describe('what the oldest item waits for', () => {
  it('is the line, its member of staff, or IT', () => {
    expect(waitsFor(undefined)).toBeUndefined();
    expect(waitsFor('central-unreachable')).toBe('line');
    expect(waitsFor('central-failed')).toBe('line');
    expect(waitsFor('not-signed-in')).toBe('staff');
    for (const kind of ['central-refused', 'central-untrusted', 'forbidden', 'audit-failed'] as const)
      expect(waitsFor(kind)).toBe('it');
  });
});
