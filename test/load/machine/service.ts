/** Processes of the reference service, as `npm run central` starts them. */
import { join } from 'node:path';
import { z } from 'zod';
import { type Program, startProgram } from './children.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** A counter asks every ten seconds: that long it may take until its connection has been told to end. */
const DRAIN_SECONDS = 12;

const saidSchema = z.object({ url: z.url(), enrolUrl: z.url(), ca: z.string() });

export interface ServiceProcess extends Program {
  /** Ports of the counters' listener and of enrolment. */
  readonly port: number;
  readonly enrolPort: number;
  readonly caFile: string;
}

/** Starts one; resolves once it serves. */
export async function startService(options: { database: string; dataDir: string }): Promise<ServiceProcess> {
  const { database, dataDir } = options;
  const program = await startProgram(
    process.execPath,
    ['test/central/main.ts', '--data', dataDir, '--database', database, '--drain', String(DRAIN_SECONDS)],
    { cwd: root },
  );
  try {
    const { value } = await program.lines.next();
    const said = saidSchema.parse(JSON.parse(value ?? 'null'));
    return {
      ...program,
      port: Number(new URL(said.url).port),
      enrolPort: Number(new URL(said.enrolUrl).port),
      caFile: said.ca,
    };
  } catch (error) {
    await program.stop();
    throw error;
  }
}
