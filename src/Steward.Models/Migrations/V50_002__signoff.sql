ALTER TABLE gate_check ADD COLUMN against bigint;
ALTER TABLE signoff ADD COLUMN withdrawn_at bigint;
ALTER TABLE signoff ADD COLUMN withdrawn_why text;

CREATE TABLE signoff_answer (
  id          text   PRIMARY KEY,
  project     text   NOT NULL,
  signoff_id  text   NOT NULL REFERENCES signoff (id),
  place       bigint NOT NULL,
  answer      text   NOT NULL,
  made_by     text   NOT NULL,
  answered_at bigint NOT NULL,
  UNIQUE (signoff_id, place)
);
