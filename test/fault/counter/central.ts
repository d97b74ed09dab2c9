/** A reference central with a handful of customers whose records are few: what is under test is what is told to it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Intercept } from '../../central/app.ts';
import type { RecordSource } from '../../central/record-source.ts';
import { type Central, startCentral } from '../../central/service.ts';
import type { Random } from '../random.ts';
import { type Place, placeIn, type Reach, writeSettings } from './profile.ts';
import type { Known } from './visit.ts';

const CUSTOMERS = 6;
const numbers = Array.from({ length: CUSTOMERS }, (_, i) => `1390002000${i}`);

/** The same six messages for everybody, within the month that is asked for. */
const records: RecordSource = {
  find: async (_subscriber, _categories, _from, until) =>
    Array.from({ length: 6 }, (_, i) => ({
      at: until - (6 - i) * 3_600_000,
      direction: i % 2 === 0 ? 'in' : 'out',
      category: 'sms',
      peer: '95588',
      text: `余额 ${i}`,
    })),
};

export interface FaultCentral {
  central: Central;
  /** A counter that may enrol: its settings are written. */
  newCounter(base: string, deviceId: string, change?: Partial<Reach>): Promise<Place>;
  /** What one of its customers, drawn, and a clerk know. */
  somebody(random: Random): Known;
  close(): Promise<void>;
}

export async function openCentral(folder: string, intercept?: Intercept): Promise<FaultCentral> {
  const central = await startCentral({
    dataDir: join(folder, 'central'),
    createdThrough: 'none',
    records,
    ...(intercept ? { intercept } : {}),
  });
  const accounts = join(folder, 'accounts.jsonl');
  const line = (subscriber: string) =>
    JSON.stringify({
      subscriber,
      peer: '95588',
      direction: 'in',
      at: '2026-01-01T00:00:00+08:00',
      category: 'sms',
      text: '-',
    });
  await writeFile(accounts, numbers.map((number) => `${line(number)}\n`).join(''));
  await central.importRecords(accounts);
  const { questions } = await central.context.policies.inForce();
  return {
    central,
    async newCounter(base, deviceId, change) {
      const place = placeIn(base, deviceId);
      writeSettings(place, {
        url: central.url,
        enrolUrl: central.estUrl,
        caFile: central.caPath,
        enrolmentCode: await central.enrolmentCode(deviceId),
        ...change,
      });
      return place;
    },
    somebody(random) {
      const number = random.pick(numbers);
      return {
        number,
        servicePassword: central.secrets(number).servicePassword,
        code: async () => central.secrets(number).codes.at(-1) ?? '000000',
        answer: { 'zh-CN': questions['zh-CN'].correct, en: questions.en.correct },
      };
    },
    close: () => central.close(),
  };
}
