-- Jobs whose folder goes to the agents and comes back.
ALTER TABLE agent_job ADD COLUMN carries bigint NOT NULL DEFAULT 0;

-- What lies in a job's folder: given with it, or made by one of its tasks and kept with that task's end.
CREATE TABLE agent_file (
  project text   NOT NULL,
  job     text   NOT NULL REFERENCES agent_job (id),
  name    text   NOT NULL,
  -- Whose file it is; -1 is every task's.
  task    bigint NOT NULL,
  made    bigint NOT NULL,
  digest  text   NOT NULL,
  size    bigint NOT NULL,
  PRIMARY KEY (job, name)
);

-- What the holder of a task brought so far. It is of the job's folder only once the task ends.
CREATE TABLE agent_upload (
  project text   NOT NULL,
  job     text   NOT NULL,
  number  bigint NOT NULL,
  fence   bigint NOT NULL,
  digest  text   NOT NULL,
  size    bigint NOT NULL,
  PRIMARY KEY (job, number, fence, digest)
);
