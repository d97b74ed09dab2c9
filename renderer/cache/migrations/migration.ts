/** One step of the page database's schema: a file a step, never edited once released. */
export interface Migration {
  /** Version of the database after it, ascending by one. */
  readonly version: number;
  /** Makes and drops stores, and rewrites what is stored where the shape of a value changes. */
  readonly upgrade: (transaction: IDBTransaction) => void;
}
