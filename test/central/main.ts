/**
 * `npm run central -- [--port P] [--data DIR] [--database URL] [--records FILE] [--show-phone] [--drain SECONDS]`
 *
 * Prints one JSON line with addresses and paths, then serves until SIGTERM or SIGINT. Meanwhile it reads commands,
 * one a line: `withdraw XXXX-XXXX-XXXX-XXXX` takes a consent back as another counter would, `withdrawals` lists
 * them and whether counters have erased their keys. With `--show-phone` each
 * text sent to a demo phone follows as a JSON line, the number masked: for a person who plays the customer.
 * With `--drain SECONDS` it hands its counters on to the other processes before it ends, within that time.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { readWithdrawalCode } from '../../shared/canonical/withdrawal-code.ts';
import { toAppError } from '../../shared/domain/errors.ts';
import { DEMO_COUNTER } from './demo.ts';
import { startCentral } from './service.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    database: { type: 'string' },
    records: { type: 'string' },
    'show-phone': { type: 'boolean', default: false },
    drain: { type: 'string' },
  },
});

function printLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

const central = await startCentral({
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
  ...(values.data === undefined ? {} : { dataDir: values.data }),
  ...(values.database === undefined ? {} : { database: values.database }),
  ...(values['show-phone'] ? { onPhone: printLine } : {}),
});
const commands = ['withdraw CODE', 'withdrawals', 'overdue'];
central.housekeeping.start();

async function obey(line: string): Promise<void> {
  const typed = /^withdraw (.+)$/.exec(line)?.[1];
  if (typed !== undefined) {
    const code = readWithdrawalCode(typed);
    const answer = code === undefined ? undefined : await central.withdrawByCode(code);
    printLine(
      answer
        ? { withdrawn: answer.withdrawal.document, counters: answer.counters }
        : { error: 'no such code' },
    );
  } else if (line === 'withdrawals') printLine({ withdrawals: await central.withdrawals() });
  else if (line === 'overdue') printLine({ overdue: await central.overdue() });
  else if (line !== '') printLine({ commands });
}
const stopped = Promise.withResolvers<void>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopped.resolve());
try {
  const imported = values.records === undefined ? undefined : await central.importRecords(values.records);
  printLine({
    url: central.url,
    enrolUrl: central.estUrl,
    ca: central.caPath,
    clientCertificate: central.clientCertificatePath,
    clientKey: central.clientKeyPath,
    deviceId: DEMO_COUNTER,
    enrolmentCode: await central.enrolmentCode(),
    data: central.dataDir,
    commands,
    ...(imported === undefined ? {} : { records: imported.records }),
  });
  const typed = createInterface({ input: process.stdin });
  typed.on('line', (line) => {
    obey(line.trim()).catch((error: unknown) => printLine({ error: toAppError(error).kind }));
  });
  await stopped.promise;
  typed.close();
  if (values.drain !== undefined) await central.drain(Number(values.drain) * 1000);
} finally {
  await central.close();
}
