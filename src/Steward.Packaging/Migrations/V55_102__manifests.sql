CREATE TABLE manifest_set (
  id      text   PRIMARY KEY,
  project text   NOT NULL,
  model   text   NOT NULL,
  version bigint NOT NULL,
  form    text   NOT NULL,
  name    text   NOT NULL,
  image   text   NOT NULL,
  facts   text   NOT NULL,
  asked   text   NOT NULL,
  digest  text   NOT NULL,
  made_by text   NOT NULL,
  made_at bigint NOT NULL
);

CREATE INDEX manifest_set_of_model ON manifest_set (project, model, made_at DESC);
