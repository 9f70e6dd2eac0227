-- Common subset of SQLite and PostgreSQL. Instants are milliseconds since the epoch (bigint): readable by both,
-- rounded by neither.

-- Rows of the node's machines: what was sealed, promised, answered, and messages still to be delivered. Trusted, with the
-- log as its check: an old copy of this table stops openings and never repeats one.
create table core_rows (
  row_key       varchar(512) not null primary key,
  value         blob         not null
);

-- Byte strings up to 256 KiB stand here and share the flush of the transaction that needs them; longer ones are files
-- that were flushed before any row named them.
create table blobs (
  name          varchar(512) not null primary key,
  bytes         blob         not null
);

-- The budget book for this institution's officers: one row for each contribution this node sealed, written in the
-- transaction that sealed it. Replay decides by the log, not by this table.
create table budget_charges (
  contribution  varchar(64)  not null primary key,
  ctx           varchar(128) not null,
  job           varchar(64)  not null,
  dataset       varchar(64)  not null,
  round         bigint       not null,
  rho_units     bigint       not null,
  sealed_at     bigint       not null
);
create index budget_charges_dataset on budget_charges (dataset, sealed_at);

-- Every manifest this node promised to answer for.
create table opening_records (
  manifest      varchar(64)  not null primary key,
  position      bigint       not null,
  recorded_at   bigint       not null
);

-- What this node did and refused, for the institution's own people.
create table local_audit (
  id            bigint       not null primary key,
  happened_at   bigint       not null,
  kind          varchar(64)  not null,
  subject       varchar(256) not null,
  code          varchar(64),
  words         varchar(1024) not null
);
