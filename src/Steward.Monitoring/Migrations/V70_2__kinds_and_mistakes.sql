-- The kind whose share was the most telling, and the answers that show an alarm best, both as JSON.
ALTER TABLE judged_window ADD COLUMN kinds text;
ALTER TABLE judged_window ADD COLUMN telling text;

-- Answers of a version that people spoke about, judged together as they come in.
CREATE TABLE judged_feedback (
  endpoint        text   NOT NULL,
  version         bigint NOT NULL,
  number          bigint NOT NULL,
  project         text   NOT NULL,
  -- When the first of these answers was given; where the next batch begins.
  from_at         bigint NOT NULL,
  last_at         bigint NOT NULL,
  last_id         text   NOT NULL,
  answers         bigint NOT NULL,
  wrong           bigint NOT NULL,
  -- Over so many batches together, this one the last.
  batches         bigint NOT NULL,
  pooled_wrong    bigint NOT NULL,
  pooled_answers  bigint NOT NULL,
  wrong_limit     bigint,
  reference_wrong bigint NOT NULL,
  reference_rows  bigint NOT NULL,
  p               double precision NOT NULL,
  telling         text,
  incident        bigint,
  judged_at       bigint NOT NULL,
  PRIMARY KEY (endpoint, version, number)
);
