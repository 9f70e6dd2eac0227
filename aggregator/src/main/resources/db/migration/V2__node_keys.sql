-- Keys with which nodes may not come any more, by SHA-256: of a TLS certificate's public key, or of a node key. The door
-- is closed by this table at the next request; what the log says of it is for readers.
create table revoked_keys (
  sha256        varchar(64)  not null primary key,
  institution   varchar(64)  not null,
  reason        varchar(512) not null,
  revoked_at    bigint       not null
);

-- Invitations and requests for certificates: of a node that enrols, of one that renews.
create table enrolments (
  id            varchar(36)  not null primary key,
  kind          varchar(16)  not null,
  institution   varchar(64)  not null,
  token_sha256  varchar(64)  unique,
  created_at    bigint       not null,
  expires_at    bigint       not null,
  node_key      varchar(128),
  request       varchar(8192),
  request_sha256 varchar(64),
  requested_at  bigint,
  certificate   varchar(8192),
  issued_at     bigint
);
create index enrolments_institution on enrolments (institution, created_at);

-- Who handed a job in, as the caller was known then: a data scientist may cancel only what they handed in themselves.
create table job_senders (
  job           varchar(64)  not null primary key,
  person        varchar(512) not null
);
