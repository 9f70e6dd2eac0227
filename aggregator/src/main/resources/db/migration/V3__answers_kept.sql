-- Answers to requests that carried an Idempotency-Key, for a day: a repeat gets the same one.
create table kept_answers (
  caller        varchar(256) not null,
  request_key   varchar(255) not null,
  request       varchar(64)  not null,
  status        bigint       not null,
  location      varchar(512),
  body          blob         not null,
  kept_at       bigint       not null,
  primary key (caller, request_key)
);
create index kept_answers_at on kept_answers (kept_at);
