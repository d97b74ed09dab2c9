import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyDocument } from '../../../shared/canonical/signed-document.ts';
import { policySchema } from '../../../shared/domain/policy.ts';
import { NewerSchemaError, SCHEMA_VERSION } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { DataInUseError } from '../lock.ts';
import { readIdentity } from '../pki/identity.ts';
import { type Central, startCentral } from '../service.ts';
import { asProblem, send, TestCounter } from './client.ts';
import { askFor, giveConsent, openCounter, ZHANG } from './visit.ts';

let folder = '';
let central: Central;
let counter: TestCounter;
let intercept: 'none' | 'garbage' | 'cut' = 'none';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-service-'));
  central = await startCentral({
    dataDir: join(folder, 'a'),
    heavyMessages: 10,
    sentinel: 'ZQSENTINEL',
    intercept: (request, reply) => {
      if (intercept === 'none') return false;
      if (intercept === 'cut') request.raw.socket.destroy();
      else reply.send('{"half":');
      return true;
    },
  });
  counter = await openCounter(central, 'counter-0001');
});
afterAll(async () => {
  await central.close();
  await rm(folder, { recursive: true, force: true });
});

const put = (path: string, headers: Record<string, string>, body: string) =>
  send(central.url + path, counter.tls, { method: 'POST', headers, body });
const JSON_TYPE = { 'content-type': 'application/json' };

describe('what is no good request', () => {
  test('an unknown route', async () => {
    const problem = asProblem(await send(`${central.url}/v1/nothing`, counter.tls, { method: 'GET' }));
    expect(problem).toMatchObject({ kind: 'bad-input', status: 404 });
  });

  test('a body that is no JSON, of another type or poisoned', async () => {
    const path = '/v1/staff/sign-in';
    expect(asProblem(await put(path, JSON_TYPE, '{'))).toMatchObject({ kind: 'bad-input', status: 400 });
    expect(asProblem(await put(path, { 'content-type': 'text/plain' }, 'x'))).toMatchObject({ status: 415 });
    expect(asProblem(await put(path, JSON_TYPE, '{"__proto__":{"pin":"1"}}')).kind).toBe('bad-input');
  });

  test('a body too large', async () => {
    const body = JSON.stringify({ staffId: '1024', pin: 'x'.repeat(2_000_000) });
    expect(asProblem(await put('/v1/staff/sign-in', JSON_TYPE, body))).toMatchObject({
      kind: 'bad-input',
      status: 413,
    });
  });

  test('a path that is no id', async () => {
    const problem = await counter.refused('endConsent', {
      params: { consentId: '../x' },
      body: { reason: 'withdrawn', at: new Date().toISOString() },
    });
    expect(problem).toMatchObject({ kind: 'bad-input', detail: 'consentId: path parameter' });
  });
});

describe('the policy', () => {
  test('is signed by central and in both languages of the same build', async () => {
    const signed = await counter.call('policy');
    const { ok } = await verifyDocument(signed, {
      trustedCertificates: [central.authority.root.certificate],
      expectedRole: 'central',
    });
    expect(ok).toBe(true);
    const { notices, questions } = policySchema.parse(signed.document);
    const ids = (language: 'zh-CN' | 'en') => notices[language].full.map((section) => section.id);
    expect(ids('zh-CN').length).toBeGreaterThanOrEqual(8);
    expect(ids('en')).toEqual(ids('zh-CN'));
    for (const language of ['zh-CN', 'en'] as const) {
      const question = questions[language];
      expect(question.answers.map(({ id }) => id)).toContain(question.correct);
      expect(ids(language)).toContain(question.section);
    }
  });

  test('never goes back to an older version', async () => {
    const { policies } = central.context;
    await expect(policies.publish(await policies.inForce())).rejects.toThrow(RangeError);
  });
});

describe('the log', () => {
  test('and file names hold no number, code, password, token or text', async () => {
    const request = askFor(ZHANG);
    const { consentId } = await giveConsent(counter, request);
    await counter.call('lookup', { body: { lookupId: crypto.randomUUID(), consentId, request } });
    const log = await readFile(central.logPath, 'utf8');
    expect(log).toContain('"route":"/v1/consents/:consentId"');
    for (const secret of [
      ...(await central.allSecrets()),
      ZHANG,
      consentId,
      counter.token ?? '',
      'ZQSENTINEL',
    ]) {
      expect(log.includes(secret)).toBe(false);
    }
  });

  test('keys are for the owner only', async () => {
    for (const name of [
      'ca/root.key.pem',
      'ca/central.key.pem',
      'ca/service.key',
      'ca/token.key.pem',
      'client.key.pem',
    ]) {
      expect((await stat(join(central.dataDir, name))).mode & 0o077, name).toBe(0);
    }
  });
});

describe('the harness', () => {
  test('answers in the service’s place', async () => {
    intercept = 'garbage';
    expect((await counter.raw('status')).body.toString('utf8')).toBe('{"half":');
    intercept = 'cut';
    await expect(counter.raw('status')).rejects.toThrow();
    intercept = 'none';
    expect((await counter.raw('status')).status).toBe(200);
  });
});

describe('a data folder', () => {
  test('is one service’s at a time', async () => {
    await expect(startCentral({ dataDir: central.dataDir })).rejects.toThrow(DataInUseError);
  });

  test('is found again as it was', async () => {
    const dataDir = join(folder, 'b');
    const options = { dataDir, heavyMessages: 10 };
    const first = await startCentral({ ...options, createdThrough: '2026-01-10' });
    const client = await readIdentity(join(dataDir, 'client'));
    if (!client) throw new Error('no client');
    await new TestCounter(first, client).call('status');
    const count = () =>
      second.context.db.selectFrom('records').select('at').where('subscriber', '=', ZHANG).execute();
    await first.close();
    let second = await startCentral({ ...options, createdThrough: '2026-01-10' });
    const before = (await count()).length;
    expect((await new TestCounter(second, client).call('status')).policyVersion).toBe(1);
    await second.close();
    // Days later the demo's records go on to that day.
    second = await startCentral({ ...options, createdThrough: '2026-01-20' });
    expect((await count()).length).toBeGreaterThan(before);
    await second.close();
  });

  test('of a newer service is refused', async () => {
    const where = { folder: join(folder, 'newer') };
    const db = await openDatabase(where);
    await db
      .insertInto('schema_version')
      .values({ version: SCHEMA_VERSION + 1 })
      .execute();
    await db.destroy();
    await expect(openDatabase(where)).rejects.toThrow(NewerSchemaError);
  });
});

test('the command prints one line of JSON and ends on SIGTERM', async () => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--data', join(folder, 'c')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    child.kill('SIGTERM');
  }
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  expect(lines).toHaveLength(1);
  const told = JSON.parse(lines[0] ?? '');
  expect(told).toMatchObject({
    url: expect.stringMatching(/^https:\/\/localhost:\d+$/),
    deviceId: 'counter-0001',
  });
  for (const path of [told.ca, told.clientCertificate, told.clientKey])
    expect((await stat(path)).isFile()).toBe(true);
});
