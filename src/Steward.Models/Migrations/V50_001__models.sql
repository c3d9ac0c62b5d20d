CREATE TABLE registered_model (
  project      text   NOT NULL,
  name         text   NOT NULL,
  last_version bigint NOT NULL,
  PRIMARY KEY (project, name)
);

CREATE TABLE model_version (
  id         text   PRIMARY KEY,
  project    text   NOT NULL,
  model      text   NOT NULL,
  version    bigint NOT NULL,
  run        text   NOT NULL,
  study      text,
  data       text   NOT NULL,
  onnx       text   NOT NULL,
  artifacts  text   NOT NULL,
  metrics    text   NOT NULL,
  signature  text   NOT NULL,
  code       text,
  made_by    text   NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (project, model, version),
  UNIQUE (project, run)
);

CREATE UNIQUE INDEX model_version_of_study ON model_version (project, study) WHERE study IS NOT NULL;

CREATE TABLE gate_check (
  version_id text   PRIMARY KEY REFERENCES model_version (id),
  project    text   NOT NULL,
  policy     text   NOT NULL,
  results    text   NOT NULL,
  checked_at bigint NOT NULL
);

CREATE TABLE signoff_count (
  project text   PRIMARY KEY,
  last    bigint NOT NULL
);

CREATE TABLE signoff (
  id           text   PRIMARY KEY,
  project      text   NOT NULL,
  number       bigint NOT NULL,
  model        text   NOT NULL,
  version      bigint NOT NULL,
  onnx         text   NOT NULL,
  seal         text   NOT NULL,
  policy       text   NOT NULL,
  asked        text   NOT NULL,
  requester_id text   NOT NULL,
  requester    text   NOT NULL,
  asked_at     bigint NOT NULL,
  expires_at   bigint NOT NULL,
  voided_at    bigint,
  UNIQUE (project, number)
);

CREATE INDEX signoff_of_version ON signoff (project, model, version, number DESC);

CREATE TABLE vote (
  id         text   PRIMARY KEY,
  project    text   NOT NULL,
  signoff_id text   NOT NULL REFERENCES signoff (id),
  place      bigint NOT NULL,
  voter      text   NOT NULL,
  name       text   NOT NULL,
  party      text   NOT NULL,
  decision   text   NOT NULL,
  reason     text   NOT NULL,
  key_id     text   NOT NULL,
  envelope   text   NOT NULL,
  cast_at    bigint NOT NULL,
  UNIQUE (signoff_id, place)
);

CREATE TABLE promotion (
  project text   NOT NULL,
  model   text   NOT NULL,
  alias   text   NOT NULL,
  version bigint NOT NULL,
  epoch   bigint NOT NULL,
  made_by text   NOT NULL,
  reason  text   NOT NULL,
  made_at bigint NOT NULL,
  PRIMARY KEY (project, model, alias)
);

CREATE TABLE promotion_move (
  project      text   NOT NULL,
  model        text   NOT NULL,
  alias        text   NOT NULL,
  epoch        bigint NOT NULL,
  kind         text   NOT NULL,
  from_version bigint,
  version      bigint NOT NULL,
  made_by      text   NOT NULL,
  reason       text   NOT NULL,
  made_at      bigint NOT NULL,
  PRIMARY KEY (project, model, alias, epoch)
);

CREATE TABLE promotion_ack (
  project text   NOT NULL,
  model   text   NOT NULL,
  alias   text   NOT NULL,
  server  text   NOT NULL,
  epoch   bigint NOT NULL,
  made_at bigint NOT NULL,
  PRIMARY KEY (project, model, alias, server)
);
