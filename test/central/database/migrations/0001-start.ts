/** The first schema. */
export const statements: readonly string[] = [
  `create table settings (name text primary key, value text not null)`,
  `create table policies (
    version integer primary key,
    document text not null,
    cms text not null,
    published_at timestamptz not null
  )`,
  `create table devices (
    id text primary key,
    hall text not null,
    enrolled_at timestamptz not null,
    revoked_at timestamptz
  )`,
  `create table enrolment_codes (
    code_hmac text primary key,
    device_id text not null,
    hall text not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create table staff (
    id text primary key,
    name text not null,
    role text not null check (role in ('clerk', 'manager', 'auditor')),
    hall text not null,
    pin_hash text not null
  )`,
  `create table staff_tokens (
    jti text primary key,
    staff_id text not null references staff (id),
    device_id text not null references devices (id),
    expires_at timestamptz not null,
    ended_at timestamptz
  )`,
  `create table tries (
    id bigint generated always as identity primary key,
    bucket text not null,
    at timestamptz not null
  )`,
  `create index tries_by_bucket on tries (bucket, at)`,
  `create table subscribers (
    number text primary key,
    name text not null,
    password_hash text not null,
    identity_hmac text not null
  )`,
  `create table records (
    id bigint generated always as identity primary key,
    subscriber text not null,
    category text not null check (category in ('sms', 'call', 'transaction')),
    at bigint not null,
    direction text not null check (direction in ('in', 'out')),
    peer text not null,
    text text not null
  )`,
  `create index records_by_subject on records (subscriber, category, at)`,
  `create table challenges (
    id uuid primary key,
    session_id uuid not null,
    device_id text not null references devices (id),
    staff_id text not null references staff (id),
    subscriber text not null references subscribers (number),
    code_hmac text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    assertion_id uuid unique,
    verified_at timestamptz
  )`,
  `create index challenges_by_subject on challenges (subscriber, created_at)`,
  `create table consents (
    id uuid primary key,
    hash text not null,
    document text not null,
    cms text not null,
    device_id text not null references devices (id),
    staff_id text not null references staff (id),
    hall text not null,
    assertion_id uuid not null unique references challenges (assertion_id),
    nonce text not null unique,
    accepted_at timestamptz not null,
    expires_at timestamptz not null,
    acceptance text not null,
    acceptance_cms text not null,
    secret text,
    lookup_staff_id text,
    ended_at timestamptz,
    end_reason text,
    check (ended_at is null or secret is null)
  )`,
  `create table consent_evidence (
    consent_id uuid primary key references consents (id),
    notice_text text not null,
    answers text not null,
    ink text not null,
    picture bytea not null
  )`,
  // A picture is compressed already.
  `alter table consent_evidence alter column picture set storage external`,
  `create table early_ends (
    consent_id uuid not null,
    device_id text not null references devices (id),
    reason text not null,
    received_at timestamptz not null,
    primary key (consent_id, device_id)
  )`,
  `create table lookups (
    id uuid primary key,
    consent_id uuid not null references consents (id),
    request_hash text not null,
    answered_at timestamptz not null,
    rows integer not null,
    manifest text not null,
    manifest_cms text not null,
    secrets text,
    page_set uuid not null
  )`,
  `create index lookups_by_consent on lookups (consent_id)`,
  `create table access_log (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    device_id text,
    staff_id text,
    action text not null,
    outcome text not null,
    consent_id uuid,
    lookup_id uuid,
    rows integer
  )`,
  `create index access_log_by_time on access_log (at)`,
  `create table audit_entries (
    device_id text not null references devices (id),
    seq integer not null,
    hash text not null,
    document text not null,
    received_at timestamptz not null,
    primary key (device_id, seq)
  )`,
  `create table cases (
    id uuid primary key,
    device_id text not null references devices (id),
    document text not null,
    received_at timestamptz not null
  )`,
];
