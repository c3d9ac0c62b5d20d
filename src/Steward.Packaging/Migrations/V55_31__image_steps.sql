-- Layers of one's own build steps, by the digest of everything that goes into a step: the first that was made is taken from then on.
CREATE TABLE image_step (
  project  text   NOT NULL,
  step     text   NOT NULL,
  says     text   NOT NULL,
  digest   text   NOT NULL,
  size     bigint NOT NULL,
  diff_id  text   NOT NULL,
  made_by  text   NOT NULL,
  made_at  bigint NOT NULL,
  PRIMARY KEY (project, step)
);
