-- A promoted version on its way from the first share of the requests to all of them.
CREATE TABLE endpoint_release (
  endpoint     text   NOT NULL,
  -- Of the promotion that it brings in.
  epoch        bigint NOT NULL,
  project      text   NOT NULL,
  model        text   NOT NULL,
  version      bigint NOT NULL,
  base_version bigint NOT NULL,
  base_epoch   bigint NOT NULL,
  -- As the project file asked when it began.
  plan         text   NOT NULL,
  state        text   NOT NULL,
  step         bigint NOT NULL,
  started_at   bigint NOT NULL,
  step_at      bigint NOT NULL,
  ended_at     bigint,
  changed_by   text   NOT NULL,
  why          text,
  PRIMARY KEY (endpoint, epoch)
);

-- What both versions did in each step, added up over all servers. Bins are counts by duration, 32-bit little-endian.
CREATE TABLE release_figure (
  endpoint text   NOT NULL,
  epoch    bigint NOT NULL,
  step     bigint NOT NULL,
  version  bigint NOT NULL,
  project  text   NOT NULL,
  requests bigint NOT NULL,
  answers  bigint NOT NULL,
  failed   bigint NOT NULL,
  unsure   bigint NOT NULL,
  bins     ${blob} NOT NULL,
  PRIMARY KEY (endpoint, epoch, step, version)
);
