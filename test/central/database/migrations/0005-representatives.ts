/** Who may sign in whose name: what the register knows, what was proven, and who witnessed it. */
export const statements: readonly string[] = [
  `alter table subscribers add column born text check (born ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')`,
  // The guardian whom the number was registered with.
  `create table guardians (
    subscriber text not null references subscribers (number),
    identity_hmac text not null,
    primary key (subscriber, identity_hmac)
  )`,
  `alter table challenges add column representation text not null default 'self'
    check (representation in ('self', 'guardian', 'agent', 'relative'))`,
  `alter table challenges add column representative_hmac text`,
  `create table attestations (
    id uuid primary key,
    session_id uuid not null,
    device_id text not null references devices (id),
    subscriber text not null,
    ink_sha256 text not null,
    staff_id text not null references staff (id),
    attested_at timestamptz not null
  )`,
];
