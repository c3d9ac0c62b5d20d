CREATE TABLE run (
  id          text   PRIMARY KEY,
  project     text   NOT NULL,
  experiment  text   NOT NULL,
  name        text   NOT NULL,
  name_is_ours bigint NOT NULL,
  status      text   NOT NULL,
  parent      text   REFERENCES run (id),
  started_by  text   NOT NULL,
  data        text,
  code        text,
  environment text,
  started_at  bigint NOT NULL,
  ended_at    bigint
);

CREATE INDEX run_newest_first ON run (project, started_at DESC, id DESC);
CREATE INDEX run_children ON run (parent, started_at, id);

CREATE TABLE run_param (
  run     text NOT NULL REFERENCES run (id),
  key     text NOT NULL,
  project text NOT NULL,
  value   text NOT NULL,
  PRIMARY KEY (run, key)
);

CREATE TABLE run_tag (
  run     text NOT NULL REFERENCES run (id),
  key     text NOT NULL,
  project text NOT NULL,
  value   text NOT NULL,
  PRIMARY KEY (run, key)
);

-- A value that is not finite is null here and a word (NaN, Infinity, -Infinity) beside it: SQLite keeps no NaN.
CREATE TABLE run_metric (
  run     text   NOT NULL REFERENCES run (id),
  key     text   NOT NULL,
  step    bigint NOT NULL,
  at      bigint NOT NULL,
  project text   NOT NULL,
  value   double precision,
  word    text,
  PRIMARY KEY (run, key, step, at)
);

CREATE TABLE run_last (
  run     text   NOT NULL REFERENCES run (id),
  key     text   NOT NULL,
  step    bigint NOT NULL,
  at      bigint NOT NULL,
  project text   NOT NULL,
  value   double precision,
  word    text,
  PRIMARY KEY (run, key)
);

CREATE INDEX run_last_by_metric ON run_last (project, key, value);

CREATE TABLE run_artifact (
  run     text   NOT NULL REFERENCES run (id),
  name    text   NOT NULL,
  project text   NOT NULL,
  blob    text   NOT NULL,
  size    bigint NOT NULL,
  at      bigint NOT NULL,
  PRIMARY KEY (run, name)
);
