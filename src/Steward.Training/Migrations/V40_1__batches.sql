-- Files that people sent to be scored; whoever else keeps the same bytes, they count for this project only.
CREATE TABLE batch_file (
  project  text   NOT NULL,
  digest   text   NOT NULL,
  size     bigint NOT NULL,
  added_at bigint NOT NULL,
  PRIMARY KEY (project, digest)
);

-- A partition that was scored: by the same model from the same input it is not scored again.
CREATE TABLE batch_part (
  project   text   NOT NULL,
  -- Digest of the model's name, its bytes, the input and the form of the output.
  same      text   NOT NULL,
  output    text   NOT NULL,
  size      bigint NOT NULL,
  -- Rows without an answer, told one by one; null when there are none.
  aside     text,
  row_count bigint NOT NULL,
  bad_rows  bigint NOT NULL,
  engine    text   NOT NULL,
  machine   text   NOT NULL,
  task      text   NOT NULL,
  scored_at bigint NOT NULL,
  PRIMARY KEY (project, same)
);

-- What was wrong with a partition in a task that is over.
CREATE TABLE batch_problem (
  project text   NOT NULL,
  task    text   NOT NULL,
  part    bigint NOT NULL,
  code    text   NOT NULL,
  why     text   NOT NULL,
  PRIMARY KEY (project, task, part)
);
