/** Two requests that wrote the same unique value at the same moment: the database lets one of them through. */

/** SQLSTATE of a unique violation. */
const UNIQUE_VIOLATION = '23505';

/** Name of the unique constraint or index that a statement broke; `undefined` for any other error. */
export function brokenConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)) return undefined;
  return 'constraint' in error ? String(error.constraint) : '';
}
