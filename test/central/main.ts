/**
 * `npm run central -- [--port P] [--data DIR] [--database URL] [--records FILE] [--show-phone]`
 *
 * Prints one JSON line with addresses and paths, then serves until SIGTERM or SIGINT. With `--show-phone` each
 * text sent to a demo phone follows as a JSON line, the number masked: for a person who plays the customer.
 */
import { parseArgs } from 'node:util';
import { DEMO_COUNTER } from './demo.ts';
import { startCentral } from './service.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    database: { type: 'string' },
    records: { type: 'string' },
    'show-phone': { type: 'boolean', default: false },
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
    ...(imported === undefined ? {} : { records: imported.records }),
  });
  await stopped.promise;
} finally {
  await central.close();
}
