/** What many processes share without waiting for each other: heads of chains, central's tree, counts of tries. */
export const statements: readonly string[] = [
  // Where each counter's chain ends: the next batch needs nothing of what came before.
  `create table audit_heads (
    device_id text primary key references devices (id),
    size integer not null,
    head text not null,
    frontier text,
    cosigned_size integer not null default 0,
    cosigned_frontier text not null default '[]'
  )`,
  `insert into audit_heads (device_id, size, head)
    select distinct on (device_id) device_id, seq + 1, hash from audit_entries order by device_id, seq desc`,
  `update audit_heads h set cosigned_size = c.size, cosigned_frontier = c.frontier from (
      select distinct on (device_id) device_id, size, frontier from audit_checkpoints order by device_id, size desc
    ) c where c.device_id = h.device_id`,

  // An event waits here for its place: whoever writes it waits for nobody, and one signature does for many.
  `create table central_queue (
    id bigint generated always as identity primary key,
    event text not null,
    at timestamptz not null
  )`,
  `alter table central_log alter column seq type bigint`,
  `alter table central_log add column queued bigint`,
  // Events of before the queue: numbers that no queue gives.
  `update central_log set queued = -seq - 1`,
  `alter table central_log alter column queued set not null`,
  `create unique index central_log_by_queued on central_log (queued)`,
  `create index central_log_by_witness on central_log ((document::jsonb ->> 'witness'))
    where document::jsonb ->> 'witness' is not null`,
  // Roots of the tree's perfect subtrees, leaves included: a proof reads some dozen rows, whatever the log's size.
  `create table central_nodes (
    level smallint not null,
    index bigint not null,
    hash bytea not null,
    primary key (level, index)
  )`,
  `insert into central_nodes (level, index, hash) select 0, seq, decode(leaf, 'hex') from central_log`,
  `do $$
  declare
    height smallint := 0;
    made bigint;
  begin
    loop
      insert into central_nodes (level, index, hash)
        select height + 1, l.index / 2, sha256('\\x01'::bytea || l.hash || r.hash)
        from central_nodes l join central_nodes r on r.level = l.level and r.index = l.index + 1
        where l.level = height and l.index % 2 = 0;
      get diagnostics made = row_count;
      exit when made = 0;
      height := height + 1;
    end loop;
  end $$`,
  `alter table central_log drop column leaf`,
  `alter table central_checkpoints alter column size type bigint, add column frontier text`,
  `alter table audit_checkpoints add column queued bigint`,
  `update audit_checkpoints set queued = -log_index - 1`,
  `alter table audit_checkpoints alter column queued set not null, drop column log_index, drop column frontier`,

  // One row a bucket: a try is one statement, and the row's lock orders those that come at once.
  `create table try_counts (bucket text primary key, at timestamptz[] not null)`,
  `insert into try_counts (bucket, at) select bucket, array_agg(at order by at) from tries group by bucket`,
  `drop table tries`,

  // Sealed pages where every process finds them. They are noise that does not compress, and gone with the visit.
  `create table sealed_pages (
    page_set uuid not null,
    layer text not null check (layer in ('metadata', 'content')),
    page integer not null,
    stored_at timestamptz not null default now(),
    sealed bytea not null,
    primary key (page_set, layer, page)
  )`,
  `alter table sealed_pages alter column sealed set storage external`,
  `create unique index lookups_by_page_set on lookups (page_set)`,

  // Tables that only grow are not read through for what is open in them.
  `create index staff_tokens_open on staff_tokens (staff_id) where ended_at is null`,
  `create index consents_open on consents (expires_at) where ended_at is null`,
  // That a lookup's texts were handed over is said once: by the lookup itself, not by an index over the whole log.
  `alter table lookups add column content_noted_at timestamptz`,
  `update lookups l set content_noted_at = a.at from access_log a
    where a.lookup_id = l.id and a.action = 'page' and a.outcome = 'answered'`,
];
