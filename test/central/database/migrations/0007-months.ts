/**
 * What grows without end lies in one table a month (by China's calendar): old months are detached, archived or dropped
 * as a whole. A unique index over such a table holds the time too, so what must be unique is guarded elsewhere: a
 * counter's entries and checkpoints by its row in `audit_heads`.
 */

/** Replaces a table by one of the same rows in months; `columns` as of now. */
function inMonths(table: string, time: string, columns: string, indexes: readonly string[]): string[] {
  return [
    `alter table ${table} rename to ${table}_before`,
    // Index names are taken until the old table is gone.
    `create table ${table} (${columns}) partition by range (${time})`,
    // Takes what lies in no month that was made: a clock that is wrong loses nothing.
    `create table ${table}_other partition of ${table} default`,
    `select add_months('${table}', (select min(${time}) from ${table}_before), now() + interval '2 months')`,
    `insert into ${table} select * from ${table}_before`,
    `drop table ${table}_before`,
    ...indexes,
  ];
}

export const statements: readonly string[] = [
  // Makes the months from one time to another that are missing; answers how many those were.
  `create function add_months(parent text, first timestamptz, last timestamptz) returns integer
  language plpgsql as $$
  declare
    month timestamp := date_trunc('month', coalesce(first, now()) at time zone 'Asia/Shanghai');
    name text;
    made integer := 0;
  begin
    while month <= last at time zone 'Asia/Shanghai' loop
      name := parent || '_' || to_char(month, 'YYYY_MM');
      if to_regclass(name) is null then
        begin
          execute format('create table %I partition of %I for values from (%L) to (%L)', name, parent,
            month at time zone 'Asia/Shanghai', (month + interval '1 month') at time zone 'Asia/Shanghai');
          made := made + 1;
        exception when check_violation or duplicate_table then
          -- Rows of this month lie in the default table already and stay there; or another process was quicker.
          null;
        end;
      end if;
      month := month + interval '1 month';
    end loop;
    return made;
  end $$`,

  ...inMonths(
    'audit_entries',
    'received_at',
    `device_id text not null,
    seq integer not null,
    hash text not null,
    document text not null,
    received_at timestamptz not null,
    leaf text not null,
    constraint audit_entries_place primary key (device_id, seq, received_at)`,
    [
      `create index audit_entries_by_session on audit_entries ((document::jsonb ->> 'sessionId'))`,
      `create index audit_entries_by_consent on audit_entries ((document::jsonb ->> 'consentId'))`,
    ],
  ),

  ...inMonths(
    'audit_checkpoints',
    'received_at',
    `device_id text not null,
    size integer not null,
    root text not null,
    note text not null,
    received_at timestamptz not null,
    queued bigint not null,
    constraint audit_checkpoints_place primary key (device_id, size, received_at)`,
    [],
  ),

  // The number goes on where it was.
  `create sequence access_log_number`,
  `select setval('access_log_number', coalesce((select max(id) from access_log), 0) + 1, false)`,
  ...inMonths(
    'access_log',
    'at',
    `id bigint not null default nextval('access_log_number'),
    at timestamptz not null,
    device_id text,
    staff_id text,
    action text not null,
    outcome text not null,
    consent_id uuid,
    lookup_id uuid,
    rows integer,
    subject text,
    session_id uuid,
    constraint access_log_place primary key (id, at)`,
    [
      `create index access_log_by_subject on access_log (subject, at) where subject is not null`,
      `create index access_log_by_consent on access_log (consent_id) where consent_id is not null`,
      `create index access_log_by_lookup on access_log (lookup_id) where lookup_id is not null`,
    ],
  ),

  `alter table consent_evidence add column accepted_at timestamptz`,
  `update consent_evidence e set accepted_at = c.accepted_at from consents c where c.id = e.consent_id`,
  ...inMonths(
    'consent_evidence',
    'accepted_at',
    `consent_id uuid not null,
    notice_text text not null,
    answers text not null,
    ink text not null,
    picture bytea not null,
    accepted_at timestamptz not null,
    constraint consent_evidence_place primary key (consent_id, accepted_at)`,
    // A picture is compressed already.
    [`alter table consent_evidence alter column picture set storage external`],
  ),
];
