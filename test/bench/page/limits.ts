/** What bounds a store on this machine, each measured by itself, with pages of the very lookup that the store holds. */

/** Rates are of bytes unless they say otherwise; M is 10^6. */
export interface Limits {
  /** Sealed pages from the server, in runs as the store asks for them, MB/s. */
  readonly fetch: number;
  /** Native SHA-256 of one page after the other, MB/s. */
  readonly sha256: number;
  /** Native AES-256-GCM of whole pages, many at a time, MB/s. */
  readonly aesGcmPages: number;
  /** The same in pieces of 200 bytes, a row each, thousand rows a second. */
  readonly aesGcmRows: number;
  /** LZ4 blocks of content pages, MB/s of what they hold. */
  readonly unpack: number;
  /** Columns of opened pages, MB/s. */
  readonly decode: number;
  /** Private file: writes of a run each and a flush, MB/s. */
  readonly fileWrite: number;
  /** Private file: reads of a page each, MB/s. */
  readonly fileRead: number;
  /** IndexedDB, strict: values of one page each, MB/s. */
  readonly idbPutPages: number;
  readonly idbGetPages: number;
  /** IndexedDB, strict: values as the store puts them, of up to 60 KB, MB/s. */
  readonly idbPutBlocks: number;
  readonly idbGetBlocks: number;
  /** IndexedDB, strict: values of a run each, MB/s. */
  readonly idbPutRuns: number;
  readonly idbGetRuns: number;
  /** JSON.parse of rows, MB/s of UTF-8. */
  readonly jsonParse: number;
  /** Commitments of rows, thousand a second. */
  readonly commitments: number;
  /** Leaves and nodes of the pages' Merkle trees, thousand rows a second. */
  readonly merkle: number;
  /** Milliseconds for one keyword over all texts and counterparts: strings in an array, */
  readonly scanStrings: number;
  /** all of them joined to one string, */
  readonly scanJoined: number;
  /** and UTF-16 columns as the store scans them, its own hits made. */
  readonly scanColumns: number;
  /** Bytes that were moved. */
  readonly bytes: number;
  readonly contentBytes: number;
  /** Bytes of the content pages when they are open. */
  readonly plainBytes: number;
}
