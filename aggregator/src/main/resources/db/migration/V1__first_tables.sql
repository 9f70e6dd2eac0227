-- Common subset of SQLite and PostgreSQL. Instants are milliseconds since the epoch (bigint): readable by both,
-- rounded by neither. The log is what counts; every other table is either an index into it or waiting to enter it.

create table policies (
  version       bigint       not null primary key,
  sha256        varchar(64)  not null unique,
  file          blob         not null,
  signatures    blob,
  activated_at  bigint       not null
);

create table nodes (
  institution   varchar(64)  not null primary key,
  first_seen_at bigint       not null,
  last_seen_at  bigint       not null,
  log_size      bigint       not null
);

create table log_leaves (
  idx           bigint       not null primary key,
  entry         blob         not null,
  leaf_hash     blob         not null,
  type          varchar(64)  not null,
  actor         varchar(64)  not null,
  logged_at     bigint       not null,
  job           varchar(64)
);
create index log_leaves_job on log_leaves (job, idx);

create table checkpoints (
  size          bigint       not null primary key,
  note          varchar(8192) not null
);

create table cosignatures (
  size          bigint       not null,
  name          varchar(256) not null,
  line          varchar(1024) not null,
  primary key (size, name)
);

create table jobs (
  digest        varchar(64)  not null primary key,
  id            varchar(12)  not null unique,
  name          varchar(256) not null,
  dataset       varchar(64)  not null,
  kind          varchar(64)  not null,
  submitter     varchar(128) not null,
  state         varchar(32)  not null,
  file          blob         not null,
  submitted_at  bigint       not null,
  started_at    bigint,
  ended_at      bigint,
  code          varchar(64),
  reason        varchar(1024)
);

create table job_events (
  job           varchar(64)  not null,
  seq           bigint       not null,
  body          varchar(4096) not null,
  primary key (job, seq)
);

create table rounds (
  ctx           varchar(128) not null primary key,
  job           varchar(64)  not null,
  number        bigint       not null,
  state         varchar(32)  not null,
  contributors  bigint       not null,
  bytes         bigint       not null,
  manifest      varchar(64),
  announced_at  bigint       not null,
  opened_at     bigint
);
create index rounds_job on rounds (job, number);

create table contributions (
  digest        varchar(64)  not null primary key,
  ctx           varchar(128) not null,
  silo          varchar(64)  not null,
  header        blob         not null,
  signature     blob         not null,
  signer        varchar(128) not null,
  length        bigint       not null,
  root          varchar(64)  not null,
  complete      boolean      not null,
  arrived_at    bigint       not null
);
create index contributions_ctx on contributions (ctx);

create table contribution_chunks (
  contribution  varchar(64)  not null,
  chunk         bigint       not null,
  leaf          blob         not null,
  primary key (contribution, chunk)
);

create table contribution_boxes (
  contribution  varchar(64)  not null,
  position      bigint       not null,
  blob          varchar(64)  not null,
  primary key (contribution, position)
);

create table acceptances (
  ctx           varchar(128) not null,
  position      bigint       not null,
  statement     blob         not null,
  signature     blob         not null,
  signer        varchar(128) not null,
  primary key (ctx, position)
);

create table fingerprints (
  manifest      varchar(64)  not null,
  silo          varchar(64)  not null,
  statement     blob         not null,
  signature     blob         not null,
  signer        varchar(128) not null,
  primary key (manifest, silo)
);

create table openings (
  manifest      varchar(64)  not null,
  position      bigint       not null,
  log_index     bigint       not null,
  primary key (manifest, position)
);

create table key_sums (
  manifest      varchar(64)  not null,
  position      bigint       not null,
  statement     blob         not null,
  signature     blob         not null,
  signer        varchar(128) not null,
  blob          varchar(64)  not null,
  primary key (manifest, position)
);

create table releases (
  id            varchar(12)  not null primary key,
  job           varchar(64)  not null unique,
  name          varchar(256) not null,
  state_digest  varchar(64)  not null,
  blob          varchar(64)  not null,
  released_at   bigint       not null
);

create table core_states (
  name          varchar(160) not null primary key,
  revision      bigint       not null,
  body          blob         not null
);

create table outbox (
  seq           bigint       not null primary key,
  institution   varchar(64)  not null,
  body          varchar(8192) not null
);
create index outbox_institution on outbox (institution, seq);

create table tokens (
  id            varchar(36)  not null primary key,
  sha256        varchar(64)  not null unique,
  name          varchar(128) not null,
  role          varchar(32)  not null,
  created_at    bigint       not null,
  expires_at    bigint,
  revoked_at    bigint
);

create table idempotency_keys (
  token         varchar(36)  not null,
  request_key   varchar(128) not null,
  digest        varchar(64)  not null,
  answer        varchar(12)  not null,
  created_at    bigint       not null,
  primary key (token, request_key)
);
