/** Change feeds, withdrawals and erasure evidence. */
export const statements: readonly string[] = [
  `alter table consents add column subscriber text`,
  `alter table consents add column withdrawal_code_sha256 text`,
  `alter table consents add column withdrawn_at timestamptz`,
  `update consents set
    subscriber = document::json -> 'scope' ->> 'subscriber',
    withdrawal_code_sha256 = document::json ->> 'withdrawalCodeSha256'`,
  `create index consents_by_subject on consents (subscriber, accepted_at)`,
  `create unique index consents_by_withdrawal_code on consents (withdrawal_code_sha256)`,
  `alter table consents add check (withdrawn_at is null or secret is null)`,
  // The row's lock is what makes a counter's sequence free of gaps: the next number waits for the one before.
  `create table feeds (device_id text primary key references devices (id), head integer not null)`,
  `create table changes (
    device_id text not null references devices (id),
    seq integer not null,
    at timestamptz not null,
    document text not null,
    primary key (device_id, seq)
  )`,
  `create table withdrawals (
    id uuid primary key,
    consent_id uuid not null references consents (id),
    device_id text not null references devices (id),
    request_hash text not null,
    document text not null,
    document_cms text not null,
    withdrawn_at timestamptz not null
  )`,
  `create index withdrawals_by_consent on withdrawals (consent_id)`,
  `create table withdrawn_purposes (
    consent_id uuid not null references consents (id),
    purpose text not null,
    withdrawn_at timestamptz not null,
    primary key (consent_id, purpose)
  )`,
  `create table erasures (
    consent_id uuid not null references consents (id),
    device_id text not null references devices (id),
    reason text not null check (reason in ('visit-ended', 'withdrawn', 'expired')),
    erased_at timestamptz not null,
    document text not null,
    cms text not null,
    received_at timestamptz not null,
    primary key (consent_id, device_id)
  )`,
  `alter table staff add column revoked_at timestamptz`,
];
