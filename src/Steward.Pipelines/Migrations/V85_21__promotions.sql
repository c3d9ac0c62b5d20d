-- Promotions that pipelines wait for, each taken by one window of each pipeline.
CREATE TABLE pipeline_promotion (
  project  text   NOT NULL,
  pipeline text   NOT NULL,
  model    text   NOT NULL,
  alias    text   NOT NULL,
  epoch    bigint NOT NULL,
  version  bigint NOT NULL,
  reason   text   NOT NULL,
  at       bigint NOT NULL,
  -- The window that took it; not yet when null.
  start_at bigint,
  PRIMARY KEY (project, pipeline, model, alias, epoch)
);
CREATE INDEX pipeline_promotion_waiting ON pipeline_promotion (project, pipeline, epoch) WHERE start_at IS NULL;
