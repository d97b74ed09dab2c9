/** What the demo is told on its command line. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Period, periodSchema } from '../../../shared/domain/period.ts';
import { subscriberSchema } from '../../../shared/domain/scope.ts';

export interface DemoOptions {
  /** Where results go. */
  out: string;
  /** JSON Lines to load into central first. */
  records: string | undefined;
  number: string | undefined;
  period: Period | undefined;
  /** Keeps kiosk/ and central/ here. */
  profile: string | undefined;
}

/** A mistake on the command line, in words for whoever typed it. */
export class UsageError extends Error {}

export const usage =
  'npm run demo -- [--out DIR] [--records FILE.jsonl] [--number N] [--period FROM/TO] [--profile DIR]';

/** Parses the command line. @throws UsageError */
export function readOptions(args: string[]): DemoOptions {
  let values: Record<'out' | 'records' | 'number' | 'period' | 'profile', string | undefined>;
  try {
    const text = { type: 'string' } as const;
    const parsed = parseArgs({
      args,
      options: { out: text, records: text, number: text, period: text, profile: text },
    });
    values = {
      out: undefined,
      records: undefined,
      number: undefined,
      period: undefined,
      profile: undefined,
      ...parsed.values,
    };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
  if (values.number !== undefined && !subscriberSchema.safeParse(values.number).success)
    throw new UsageError(`--number: an 11-digit mobile number is needed\n${usage}`);
  return {
    out: resolve(values.out ?? 'out/demo'),
    records: values.records && resolve(values.records),
    number: values.number,
    period: values.period === undefined ? undefined : readPeriod(values.period),
    profile: values.profile && resolve(values.profile),
  };
}

function readPeriod(text: string): Period {
  const [from, to, ...rest] = text.split('/');
  const period = periodSchema.safeParse({ from, to });
  if (!period.success || rest.length > 0 || period.data.from > period.data.to)
    throw new UsageError(`--period: two days in order are needed, YYYY-MM-DD/YYYY-MM-DD\n${usage}`);
  return period.data;
}
