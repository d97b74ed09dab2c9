/** Trees over the counters' audit entries, their checkpoints, and central's own log with its checkpoints. */
export const statements: readonly string[] = [
  // RFC 6962 leaf hash of the entry's canonical bytes, hex.
  `alter table audit_entries add column leaf text`,
  `update audit_entries
    set leaf = encode(sha256('\\x00'::bytea || convert_to(document, 'UTF8')), 'hex')`,
  `alter table audit_entries alter column leaf set not null`,
  `create table audit_checkpoints (
    device_id text not null references devices (id),
    size integer not null,
    root text not null,
    frontier text not null,
    note text not null,
    log_index integer not null,
    received_at timestamptz not null,
    primary key (device_id, size)
  )`,
  `create table central_log (
    seq integer primary key,
    document text not null,
    leaf text not null,
    at timestamptz not null
  )`,
  `create table central_checkpoints (
    size integer primary key,
    root text not null,
    note text not null,
    signed_at timestamptz not null
  )`,
];
