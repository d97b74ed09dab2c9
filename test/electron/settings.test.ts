import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../electron/settings.ts';
import { StartRefusal } from '../../electron/start-refusal.ts';

const good = {
  schema: 'zhiqing-counter/1',
  hall: '人民路营业厅',
  hallEn: 'Renmin Road Hall',
  counter: '3',
  central: { url: 'https://localhost:8443', enrolUrl: 'https://localhost:8444', caFile: 'ca.pem' },
  deviceId: 'counter-0001',
  handoverFolder: 'handover',
};
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-settings-'));
  await writeFile(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const write = (value: unknown) =>
  writeFile(join(folder, 'counter.json'), typeof value === 'string' ? value : JSON.stringify(value));
function refusal(): StartRefusal {
  try {
    readSettings(folder);
  } catch (error) {
    if (error instanceof StartRefusal) return error;
  }
  throw new Error('was not refused');
}

describe('counter.json', () => {
  it('is read with its files, relative ones beside it', async () => {
    await write(good);
    const settings = readSettings(folder);
    expect(settings.handoverFolder).toBe(join(folder, 'handover'));
    expect(settings.caPem).toContain('BEGIN CERTIFICATE');
    expect(settings.presence).toEqual({ idleSeconds: 60, lastCallSeconds: 20 });
  });
  it('is named with what to do when it is missing', () => {
    expect(refusal().en).toContain(join(folder, 'counter.json'));
    expect(refusal().zh).toContain('--user-data-dir');
  });
  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'not valid JSON'],
    ['a missing field', { ...good, hall: undefined }, 'hall'],
    ['an unknown field', { ...good, displayz: 'auto' }, 'displayz'],
    ['a wrong field', { ...good, central: { ...good.central, url: 'http://x' } }, 'central.url'],
    ['a root that is not there', { ...good, central: { ...good.central, caFile: 'no.pem' } }, 'no.pem'],
    ['a root that is none', { ...good, central: { ...good.central, caFile: 'counter.json' } }, 'caFile'],
  ])('is refused in both languages: %s', async (_, value, named) => {
    await write(value);
    expect(refusal().en).toContain(named);
    expect(refusal().zh).not.toBe(refusal().en);
  });
  it.each(['no.pem', '.'])(
    'a root that cannot be read (%s) is told with the place that names it',
    async (caFile) => {
      await write({ ...good, central: { ...good.central, caFile } });
      for (const words of [refusal().zh, refusal().en]) {
        expect(words).toContain(join(folder, caFile));
        expect(words).toContain('central.caFile');
        expect(words).toContain(join(folder, 'counter.json'));
      }
    },
  );
  it('tells no value', async () => {
    await write({ ...good, enrolmentCode: 'secret' });
    expect(`${refusal().en}${refusal().zh}`).not.toContain('secret');
  });
});
