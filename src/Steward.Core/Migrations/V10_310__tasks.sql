-- What must happen, once. A task is due at due_at: while it waits, from then on; while it runs, when its lease ends
-- without a renewal; never again (null) when it is over.
CREATE TABLE task (
  id           text   PRIMARY KEY,
  project      text   NOT NULL,
  kind         text   NOT NULL,
  key          text   NOT NULL,
  state        text   NOT NULL,
  payload      text   NOT NULL,
  result       text,
  error        text,
  error_code   text,
  attempt      bigint NOT NULL,
  max_attempts bigint NOT NULL,
  fence        bigint NOT NULL,
  progress     double precision,
  message      text,
  cancel_asked bigint NOT NULL,
  worker       text,
  added_by     text   NOT NULL,
  created_at   bigint NOT NULL,
  due_at       bigint,
  started_at   bigint,
  ended_at     bigint,
  UNIQUE (project, kind, key)
);
CREATE INDEX task_due ON task (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX task_newest ON task (project, created_at, id);
