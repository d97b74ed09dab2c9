/**
 * The hall's day list on disk: one file a day, one sealed row a line. Central has the rows too: what is damaged or
 * missing here is asked for there.
 */
import { join } from 'node:path';
import { type CaseRow, caseRowSchema } from '../../shared/domain/case.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { LineFile, readTextIfThere, writeDurably } from '../durable-file.ts';
import type { Repairs } from '../repairs.ts';
import { sealLine, unsealLine } from '../vault/sealed-line.ts';

export interface DayList {
  /** Appends a row under the day's next number; resolves once it is on the disk. */
  add(row: Omit<CaseRow, 'serial'>): Promise<CaseRow>;
  /** Rows of a day in order; where some are damaged, with what central has of them if it can be asked. */
  read(day: string): Promise<CaseRow[]>;
  /** Compares a day with what central has and puts back what is missing here. @throws Failure of the question */
  complete(day: string): Promise<void>;
}

export interface DayListOptions {
  /** Folder that holds the days' files. */
  folder: string;
  /** AES-256-GCM key, 32 bytes. */
  key: Buffer;
  /** Rows that central has of this counter's day. @throws Failure */
  held: (day: string) => Promise<readonly CaseRow[]>;
  repairs: Pick<Repairs, 'found'>;
}

interface Found {
  rows: CaseRow[];
  /** Whether a line does not open, or is no row of this day. */
  damaged: boolean;
}

export function createDayList({ folder, key, held, repairs }: DayListOptions): DayList {
  // A day is a parsed ISO date: nothing of a customer gets into a file name. SECURITY: S12
  const pathOf = (day: string) => join(folder, `${day}.jsonl`);
  const seal = (row: CaseRow, line: number) => sealLine(key, placeOf(row.date, line), row);
  const open = (lines: readonly string[], day: string): Found => {
    const found = lines.map(
      (line, i) => caseRowSchema.safeParse(unsealLine(key, placeOf(day, i), line)).data,
    );
    const rows = found.filter((row) => row?.date === day) as CaseRow[];
    return { rows, damaged: rows.length < lines.length };
  };
  const readLocal = async (day: string): Promise<Found> => {
    const text = (await readTextIfThere(pathOf(day))) ?? '';
    // What a crash has left of a last line was never acknowledged.
    return open(
      text
        .slice(0, text.lastIndexOf('\n') + 1)
        .split('\n')
        .slice(0, -1),
      day,
    );
  };
  const merge = async (day: string, theirs: readonly CaseRow[]) => {
    const { rows, damaged } = await readLocal(day);
    const lost = theirs.filter(
      ({ caseId, date }) => date === day && !rows.some((one) => one.caseId === caseId),
    );
    if (!damaged && lost.length === 0) return;
    const all = [...rows, ...lost].sort((a, b) => a.serial - b.serial);
    await writeDurably(pathOf(day), all.map((row, i) => `${seal(row, i)}\n`).join(''));
    repairs.found('day-list', 'done');
  };
  const add = async (row: Omit<CaseRow, 'serial'>): Promise<CaseRow> => {
    const file = await LineFile.open(pathOf(row.date));
    try {
      const { rows } = open(file.found, row.date);
      const known = rows.find(({ caseId }) => caseId === row.caseId);
      if (known) return known;
      const numbered = caseRowSchema.parse({ ...row, serial: (rows.at(-1)?.serial ?? 0) + 1 });
      await file.append(seal(numbered, file.found.length));
      return numbered;
    } finally {
      await file.close();
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: who writes a day anew must not lose a row that is being added. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work).catch((error: unknown) => {
      if (error instanceof Failure) throw error;
      throw new Failure('storage-failed', { detail: 'day list' });
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  // Nobody who closes a visit waits for central's answer to this.
  const complete = async (day: string) => {
    const theirs = await held(day);
    await inTurn(() => merge(day, theirs));
  };
  return {
    add: (row) => inTurn(() => add(row)),
    async read(day) {
      const { rows, damaged } = await inTurn(() => readLocal(day));
      if (!damaged) return rows;
      try {
        await complete(day);
        return (await inTurn(() => readLocal(day))).rows;
      } catch {
        // Fewer rows than there were are shown with a word that says so.
        repairs.found('day-list', 'waiting');
        return rows;
      }
    },
    complete,
  };
}

const placeOf = (day: string, line: number) => `zhiqing-day-list/1 ${day} ${line}`;
