/** The hall's day list on disk: one file a day, one masked row a line. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CaseRow, caseRowSchema } from '../../shared/domain/case.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { appendLine, openForAppend } from '../durable-file.ts';

export interface DayList {
  /** Appends a row under the day's next number; resolves once it is on the disk. */
  add(row: Omit<CaseRow, 'serial'>): Promise<CaseRow>;
  /** Rows of a day in order. */
  read(day: string): Promise<CaseRow[]>;
}

/** @param folder Folder that holds the days' files. */
export function createDayList(folder: string): DayList {
  // A day is a parsed ISO date: nothing of a customer gets into a file name. SECURITY: S12
  const pathOf = (day: string) => join(folder, `${day}.jsonl`);
  const readText = async (day: string): Promise<string> => {
    try {
      return await readFile(pathOf(day), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw new Failure('storage-failed', { detail: 'day list' });
    }
  };
  const read = async (day: string): Promise<CaseRow[]> => {
    const text = await readText(day);
    // A last line that a crash cut short was never acknowledged.
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    return lines.flatMap((line) => {
      const parsed = caseRowSchema.safeParse(parseJson(line));
      return parsed.success ? [parsed.data] : [];
    });
  };
  let last: Promise<unknown> = Promise.resolve();
  const add = async (row: Omit<CaseRow, 'serial'>): Promise<CaseRow> => {
    const rows = await read(row.date);
    const known = rows.find(({ caseId }) => caseId === row.caseId);
    if (known) return known;
    const numbered = caseRowSchema.parse({ ...row, serial: (rows.at(-1)?.serial ?? 0) + 1 });
    try {
      const file = await openForAppend(pathOf(row.date));
      try {
        const torn = !/(^|\n)$/.test(await readText(row.date));
        await appendLine(file, `${torn ? '\n' : ''}${JSON.stringify(numbered)}`);
      } finally {
        await file.close();
      }
    } catch {
      throw new Failure('storage-failed', { detail: 'day list' });
    }
    return numbered;
  };
  return {
    read,
    add(row) {
      const turn = last.then(() => add(row));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
