CREATE TABLE image_build (
  id           text             PRIMARY KEY,
  project      text             NOT NULL,
  model        text             NOT NULL,
  version      bigint           NOT NULL,
  digest       text             NOT NULL,
  model_digest text             NOT NULL,
  base         text             NOT NULL,
  size         bigint           NOT NULL,
  new_bytes    bigint           NOT NULL,
  layers       text             NOT NULL,
  seconds      double precision NOT NULL,
  made_by      text             NOT NULL,
  made_at      bigint           NOT NULL
);

CREATE INDEX image_build_of_version ON image_build (project, model, version, made_at DESC);

CREATE TABLE image_blob (
  project    text   NOT NULL,
  digest     text   NOT NULL,
  media_type text   NOT NULL,
  size       bigint NOT NULL,
  PRIMARY KEY (project, digest)
);

CREATE TABLE image_layer (
  project text   NOT NULL,
  diff_id text   NOT NULL,
  digest  text   NOT NULL,
  size    bigint NOT NULL,
  PRIMARY KEY (project, diff_id)
);

CREATE TABLE image_referrer (
  project       text   NOT NULL,
  subject       text   NOT NULL,
  digest        text   NOT NULL,
  artifact_type text   NOT NULL,
  size          bigint NOT NULL,
  made_at       bigint NOT NULL,
  PRIMARY KEY (project, subject, digest)
);
