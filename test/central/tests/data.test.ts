import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDigit } from '../../../shared/domain/identity-number.ts';
import { instantsOf, lastMonth, monthsBefore, startOfDay } from '../../../shared/domain/period.ts';
import { importedRecordSchema } from '../../../shared/domain/record.ts';
import { proofsSchema } from '../../../shared/protocol/documents.ts';
import { ImportError } from '../import.ts';
import { credentialsOf, demoCustomers } from '../synthetic/people.ts';
import { makeRecords } from '../synthetic/records.ts';
import { centralFixture } from './fixture.ts';
import { askFor, giveConsent, LI, openCounter, QIAN, ZHANG, ZHAO } from './visit.ts';

const THROUGH = '2026-03-31';

describe('demo records', () => {
  const recordsOf = (number: string, sentinel?: string) => {
    const customer = demoCustomers.find((one) => one.number === number);
    if (!customer) throw new Error('no such customer');
    return [...makeRecords(customer, { seed: 'test', through: THROUGH, sentinel })];
  };
  const month = instantsOf(lastMonth(THROUGH));
  const inMonth = (list: ReturnType<typeof recordsOf>, category: string) =>
    list.filter((one) => one.category === category && one.at >= month.from && one.at < month.until);

  test('are the same each time', () => {
    expect(recordsOf(ZHANG)).toEqual(recordsOf(ZHANG));
  });

  test('are valid, in order and within two years', () => {
    for (const { number } of demoCustomers) {
      const list = recordsOf(number);
      expect(list.map((one) => one.at)).toEqual(list.map((one) => one.at).toSorted((a, b) => a - b));
      expect(list[0]?.at).toBeGreaterThanOrEqual(startOfDay(monthsBefore(THROUGH, 24)));
      expect(list.at(-1)?.at).toBeLessThan(month.until);
      for (const record of [list[0], list.at(-1)]) {
        if (!record) throw new Error('no records');
        importedRecordSchema.parse({ subscriber: number, ...record, at: new Date(record.at).toISOString() });
      }
    }
  });

  test('张三 has about 1,200 messages, many of the last month about phones', () => {
    const sms = recordsOf(ZHANG).filter((one) => one.category === 'sms');
    expect(sms.length).toBeGreaterThan(1_000);
    expect(sms.length).toBeLessThan(1_400);
    const recent = inMonth(recordsOf(ZHANG), 'sms');
    expect(recent.length).toBeGreaterThanOrEqual(60);
    expect(recent.length).toBeLessThanOrEqual(140);
    const phones = recent.filter(({ text }) =>
      /华为|小米|荣耀|OPPO|vivo|iPhone|红米|手机|购机|店/.test(text),
    );
    expect(phones.length / recent.length).toBeGreaterThan(0.25);
  });

  test('李四 is called much by strangers, 赵六 has nothing for six months, 钱七 has 20,000 messages', () => {
    const nuisance = inMonth(recordsOf(LI), 'call').filter((one) => /^(95|400|0|170)/.test(one.peer));
    expect(nuisance.length).toBeGreaterThan(100);
    const silent = recordsOf(ZHAO);
    expect(silent.length).toBeGreaterThan(0);
    expect(silent.every((one) => one.at < startOfDay(monthsBefore(THROUGH, 6)))).toBe(true);
    const heavy = inMonth(recordsOf(QIAN), 'sms');
    expect(heavy).toHaveLength(20_000);
    expect(new Set(heavy.map((one) => one.text)).size).toBeGreaterThan(12_000);
  });

  test('carry the sentinel with a number of their own', () => {
    const texts = recordsOf(ZHANG, 'ZQSENTINEL').map((one) => one.text);
    expect(texts.every((text) => text.includes('ZQSENTINEL'))).toBe(true);
    expect(new Set(texts.map((text) => /ZQSENTINEL\w+/.exec(text)?.[0])).size).toBe(texts.length);
  });
});

describe('demo credentials', () => {
  test('fit what a subscriber may enter, with a valid check digit of no real area', () => {
    for (const number of [...demoCustomers.map((one) => one.number), '18812345678']) {
      const { servicePassword, identityNumber } = credentialsOf(number);
      proofsSchema.parse({ servicePassword, identityNumber });
      expect(servicePassword).toMatch(/^\d{6}$/);
      expect(identityNumber).toMatch(/^999999/);
      expect(identityNumber.at(-1)).toBe(checkDigit(identityNumber.slice(0, 17)));
    }
    // The example of GB 11643.
    expect(checkDigit('11010519491231002')).toBe('X');
  });

  test('carry the sentinel, or stay digits on request', () => {
    const sentinel = 'ZQSENTINEL';
    expect(credentialsOf(ZHANG, { sentinel }).servicePassword).toContain(sentinel);
    expect(credentialsOf(ZHANG, { sentinel, numericPasswords: true }).servicePassword).toMatch(/^\d{6}$/);
  });
});

describe('import', () => {
  const fixture = centralFixture({ sentinel: 'ZQSENTINEL' });
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zhiqing-import-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const line = (change: object = {}) =>
    JSON.stringify({
      subscriber: '18800001111',
      peer: '10086',
      direction: 'in',
      at: new Date(Date.now() - 3_600_000).toISOString(),
      category: 'sms',
      text: '导入的短信',
      ...change,
    });
  async function load(name: string, lines: readonly string[]) {
    const file = join(folder, name);
    await writeFile(file, lines.join('\n'));
    return fixture.central.importRecords(file);
  }
  const countOf = async (number: string) =>
    (
      await fixture.central.context.db
        .selectFrom('records')
        .select('id')
        .where('subscriber', '=', number)
        .execute()
    ).length;

  test('loads records and makes accounts, which can then be looked up', async () => {
    const half = JSON.stringify({ ...JSON.parse(line()), text: 'x' }).replace('"x"', '"a\\ud83d"');
    const result = await load('good.jsonl', [
      `\uFEFF${line()}`,
      '',
      line({ at: '2026-01-05T08:00:00+08:00' }),
      half,
      '',
    ]);
    expect(result.records).toBe(3);
    expect(result.newSubscribers).toEqual(
      [{ number: '18800001111', ...fixture.central.secrets('18800001111'), codes: undefined }].map(
        ({ codes: _, ...rest }) => rest,
      ),
    );
    const counter = await openCounter(fixture.central, 'counter-0001');
    const request = askFor('18800001111', fixture.now());
    const { consentId } = await giveConsent(counter, request, fixture.now());
    const answer = await counter.call('lookup', {
      body: { lookupId: crypto.randomUUID(), consentId, request },
    });
    expect(answer.manifest.document.rows).toBeGreaterThanOrEqual(2);
  });

  test('loads the same file once', async () => {
    const lines = [line({ subscriber: '18800004444' })];
    expect((await load('once.jsonl', lines)).records).toBe(1);
    expect((await load('again.jsonl', lines)).records).toBe(0);
    expect(await countOf('18800004444')).toBe(1);
  });

  test.each([
    ['no JSON', '{"subscriber":', 'line 2: not JSON'],
    ['a number that is none', line({ subscriber: '123' }), 'line 2: subscriber: invalid_format'],
    ['a time without offset', line({ at: '2026-01-05T08:00:00' }), 'line 2: at: invalid_format'],
    ['an unknown field', line({ extra: 1 }), 'line 2: record: unrecognized_keys'],
    ['a NUL', line({ text: 'a\0b' }), 'line 2: text: NUL'],
  ])('names a line with %s and loads nothing', async (name, bad, message) => {
    const before = await countOf('18800002222');
    const loading = load(`${name}.jsonl`, [line({ subscriber: '18800002222' }), bad, line()]);
    await expect(loading).rejects.toThrow(new ImportError(2, message.slice('line 2: '.length)));
    expect(await countOf('18800002222')).toBe(before);
  });
});
