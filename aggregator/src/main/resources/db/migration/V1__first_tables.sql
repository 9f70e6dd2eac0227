-- Common subset of SQLite and PostgreSQL. Instants are milliseconds since the epoch (bigint): readable by both,
-- rounded by neither.

-- Rows of the protocol's machines: announcements, headers, boxes, acceptances, manifests, fingerprints, opening records,
-- key sums, checkpoints and cosignatures, each under the key its machine gave it. Only the machines read meaning into
-- them. Signed statements stay for auditors; boxes go when their round has ended.
create table core_rows (
  row_key       varchar(512) not null primary key,
  value         blob         not null
);

-- The log. It alone decides what happened; jobs, rounds and releases below are indexes into it that a reader could
-- make again.
create table log_leaves (
  idx           bigint       not null primary key,
  entry         blob         not null,
  type          varchar(64)  not null,
  actor         varchar(64)  not null,
  logged_at     bigint       not null,
  job           varchar(64)
);
create index log_leaves_job on log_leaves (job, idx);

-- Byte strings up to 256 KiB stand here and share the flush of the transaction that needs them; longer ones are files
-- that were flushed before any row named them.
create table blobs (
  name          varchar(512) not null primary key,
  bytes         blob         not null
);

-- Chunks that have arrived of contributions that are not complete yet.
create table chunks (
  contribution  varchar(64)  not null,
  chunk         bigint       not null,
  silo          varchar(64)  not null,
  bytes         bigint       not null,
  leaf          varchar(64)  not null,
  primary key (contribution, chunk)
);

create table policies (
  version       bigint       not null primary key,
  sha256        varchar(64)  not null,
  file          blob         not null,
  signatures    blob         not null,
  taken_at      bigint       not null
);

create table jobs (
  digest        varchar(64)  not null primary key,
  id            varchar(12)  not null,
  name          varchar(256) not null,
  dataset       varchar(64)  not null,
  kind          varchar(64)  not null,
  submitter     varchar(128) not null,
  state         varchar(32)  not null,
  log_index     bigint       not null,
  openings      bigint       not null,
  opened        bigint       not null,
  epsilon       varchar(32),
  delta         varchar(32),
  submitted_at  bigint       not null,
  started_at    bigint,
  ended_at      bigint,
  code          varchar(64),
  reason        varchar(1024)
);
create index jobs_id on jobs (id);
create index jobs_submitted on jobs (log_index);

create table rounds (
  ctx           varchar(128) not null primary key,
  job           varchar(64)  not null,
  number        bigint       not null,
  state         varchar(32)  not null,
  contributors  bigint       not null,
  bytes         bigint       not null,
  manifest      varchar(64),
  sum_bytes     bigint,
  sum_blob      varchar(512),
  next_state    varchar(64),
  announced_at  bigint       not null,
  opened_at     bigint,
  cleared       boolean      not null
);
create index rounds_job on rounds (job, number);
create index rounds_manifest on rounds (manifest);

create table releases (
  id            varchar(12)  not null primary key,
  job           varchar(64)  not null,
  name          varchar(256) not null,
  kind          varchar(64)  not null,
  state_digest  varchar(64)  not null,
  model         blob         not null,
  released_at   bigint       not null
);

create table tokens (
  id            varchar(36)  not null primary key,
  sha256        varchar(64)  not null unique,
  name          varchar(128) not null,
  role          varchar(32)  not null,
  created_at    bigint       not null,
  expires_at    bigint,
  revoked_at    bigint
);
