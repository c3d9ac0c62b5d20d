-- An agent is a machine elsewhere that calls in; its person holds the token and nothing else.
CREATE TABLE agent (
  project    text   NOT NULL,
  name       text   NOT NULL,
  person     text   NOT NULL,
  labels     text   NOT NULL,
  added_by   text   NOT NULL,
  added_at   bigint NOT NULL,
  ends_at    bigint NOT NULL,
  revoked_at bigint,
  -- Of the one process that works for it now; a new one takes its place.
  session    text,
  machine    text,
  version    text,
  at_once    bigint NOT NULL DEFAULT 0,
  seen_at    bigint,
  PRIMARY KEY (project, name)
);

CREATE TABLE agent_job (
  id           text   PRIMARY KEY,
  project      text   NOT NULL,
  engine       text   NOT NULL,
  needs        text   NOT NULL,
  spec         text   NOT NULL,
  at_once      bigint NOT NULL,
  is_open      bigint NOT NULL,
  cancel_asked bigint NOT NULL DEFAULT 0,
  added_at     bigint NOT NULL
);

CREATE INDEX agent_job_open ON agent_job (project, id) WHERE is_open = 1;

CREATE TABLE agent_task (
  project     text   NOT NULL,
  job         text   NOT NULL REFERENCES agent_job (id),
  number      bigint NOT NULL,
  state       text   NOT NULL,
  agent       text,
  session     text,
  fence       bigint NOT NULL DEFAULT 0,
  lease_until bigint,
  exit_code   bigint,
  reason      text,
  peak_memory bigint NOT NULL DEFAULT 0,
  -- Lines that came so far, also those that are not kept any more.
  lines       bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (job, number)
);

CREATE INDEX agent_task_of_session ON agent_task (session) WHERE state = 'running';

CREATE TABLE agent_log (
  project    text   NOT NULL,
  job        text   NOT NULL,
  number     bigint NOT NULL,
  first      bigint NOT NULL,
  count      bigint NOT NULL,
  characters bigint NOT NULL,
  lines      text   NOT NULL,
  PRIMARY KEY (job, number, first)
);
