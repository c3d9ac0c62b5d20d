CREATE TABLE endpoint (
  name          text   PRIMARY KEY,
  project       text   NOT NULL,
  model         text   NOT NULL,
  live_version  bigint,
  epoch         bigint NOT NULL,
  abstain_under double precision,
  created_at    bigint NOT NULL,
  changed_at    bigint NOT NULL
);

CREATE INDEX endpoint_by_model ON endpoint (project, model);

CREATE TABLE endpoint_serving (
  endpoint text   NOT NULL,
  node     text   NOT NULL,
  project  text   NOT NULL,
  version  bigint,
  epoch    bigint NOT NULL,
  trouble  text,
  at       bigint NOT NULL,
  PRIMARY KEY (endpoint, node)
);

CREATE TABLE prediction (
  id         text   PRIMARY KEY,
  project    text   NOT NULL,
  endpoint   text   NOT NULL,
  version    bigint NOT NULL,
  at         bigint NOT NULL,
  label      text   NOT NULL,
  confidence double precision NOT NULL,
  second     text,
  margin     double precision NOT NULL,
  embedding  ${blob},
  picture    text,
  micros     bigint NOT NULL,
  abstained  bigint NOT NULL,
  is_right   bigint,
  truth      text
);

CREATE INDEX prediction_in_order ON prediction (endpoint, at, id);
