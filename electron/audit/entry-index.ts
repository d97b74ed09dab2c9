/** What is kept in memory of each entry: where it lies and what it is searched by. */
import type { AuditAction, AuditEntry } from '../../shared/domain/audit.ts';

export interface EntryFilter {
  action?: AuditAction | undefined;
  staffId?: string | undefined;
}

export class EntryIndex {
  /** Bytes from the start of the entry's segment; -1 once it is retired. */
  readonly #offsets: number[] = [];
  readonly #actions: (AuditAction | undefined)[] = [];
  readonly #staff: (string | undefined)[] = [];
  /** One string for all entries of a member of staff. */
  readonly #names = new Map<string, string>();

  add({ action, staffId }: AuditEntry, offset: number): void {
    this.#offsets.push(offset);
    this.#actions.push(action);
    this.#staff.push(staffId === undefined ? undefined : this.#name(staffId));
  }

  addRetired(): void {
    this.#offsets.push(-1);
    this.#actions.push(undefined);
    this.#staff.push(undefined);
  }

  /** Forgets where entries lie that are no longer there. */
  retire(first: number, count: number): void {
    for (let seq = first; seq < first + count; seq++) {
      this.#offsets[seq] = -1;
      this.#actions[seq] = undefined;
      this.#staff[seq] = undefined;
    }
  }

  offset(seq: number): number | undefined {
    const offset = this.#offsets[seq];
    return offset === undefined || offset < 0 ? undefined : offset;
  }

  /** Numbers of matching entries below `before`, newest first. */
  find({ action, staffId }: EntryFilter, before: number, limit: number): number[] {
    const found: number[] = [];
    for (let seq = Math.min(before, this.#offsets.length) - 1; seq >= 0 && found.length < limit; seq--) {
      if (this.offset(seq) === undefined) break;
      const matches =
        (action === undefined || this.#actions[seq] === action) &&
        (staffId === undefined || this.#staff[seq] === staffId);
      if (matches) found.push(seq);
    }
    return found;
  }

  #name(staffId: string): string {
    const known = this.#names.get(staffId);
    if (known !== undefined) return known;
    this.#names.set(staffId, staffId);
    return staffId;
  }
}
