/** Records from JSON Lines: all of a file or nothing of it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ImportedRecord, importedRecordSchema } from '../../shared/domain/record.ts';
import type { Database } from './database/open.ts';
import type { ServiceKeys } from './keys.ts';
import type { SourceRecord } from './record-source.ts';
import { addRecords, addSubscriber } from './subscribers.ts';
import { type CredentialOptions, type Credentials, credentialsOf } from './synthetic/people.ts';

/** A line that is no record; names the line and the field, never what it holds. // SECURITY: S12 */
export class ImportError extends Error {
  /** 1-based. */
  readonly line: number;
  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.name = 'ImportError';
    this.line = line;
  }
}

export interface ImportResult {
  /** Records added; 0 when this very file was loaded before. */
  readonly records: number;
  /** Subscribers that had no account and got one, with the demo credentials they can prove themselves with. */
  readonly newSubscribers: readonly ({ readonly number: string } & Credentials)[];
}

/**
 * Loads `{subscriber, peer, direction, at, category, text}` a line; empty lines are skipped.
 * @throws ImportError for the first bad line: nothing is loaded.
 */
export async function importRecords(
  db: Database,
  keys: ServiceKeys,
  file: string,
  options: CredentialOptions,
): Promise<ImportResult> {
  const bySubscriber = await readRecords(file);
  const mark = `imported:${await sha256OfFile(file)}`;
  return db.transaction().execute(async (tx) => {
    let records = 0;
    // The same file once more, as when a demo is run again on kept data, would count every record twice.
    const first = await tx
      .insertInto('settings')
      .values({ name: mark, value: new Date().toISOString() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (first.numInsertedOrUpdatedRows === 0n) return { records, newSubscribers: [] };
    const newSubscribers: ({ number: string } & Credentials)[] = [];
    for (const [number, list] of bySubscriber) {
      const known = await tx
        .selectFrom('subscribers')
        .select('number')
        .where('number', '=', number)
        .executeTakeFirst();
      if (!known) {
        const credentials = credentialsOf(number, options);
        await addSubscriber(tx, keys, number, credentials);
        newSubscribers.push({ number, ...credentials });
      }
      records += await addRecords(tx, number, list);
    }
    return { records, newSubscribers };
  });
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

async function readRecords(file: string): Promise<Map<string, SourceRecord[]>> {
  const bySubscriber = new Map<string, SourceRecord[]>();
  let number = 0;
  const lines = createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    number += 1;
    // A byte order mark is no part of the first record.
    const json = (number === 1 ? line.replace(/^\uFEFF/, '') : line).trim();
    if (json === '') continue;
    const { subscriber, at, ...rest } = parseLine(json, number);
    const list = bySubscriber.get(subscriber) ?? [];
    // Nor can it hold half a surrogate pair.
    const { peer, text } = rest;
    list.push({ ...rest, peer: peer.toWellFormed(), text: text.toWellFormed(), at: Date.parse(at) });
    bySubscriber.set(subscriber, list);
  }
  return bySubscriber;
}

function parseLine(json: string, line: number): ImportedRecord {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ImportError(line, 'not JSON');
  }
  const result = importedRecordSchema.safeParse(value);
  if (result.success) {
    // PostgreSQL's text holds no NUL.
    if (result.data.text.includes('\0') || result.data.peer.includes('\0'))
      throw new ImportError(line, 'text: NUL');
    return result.data;
  }
  const issue = result.error.issues[0];
  throw new ImportError(line, `${issue?.path.join('.') || 'record'}: ${issue?.code ?? 'invalid'}`);
}
