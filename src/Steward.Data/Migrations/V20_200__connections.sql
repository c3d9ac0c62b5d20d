-- The last test of each connection, as the connection was then (print: digest of its plan, which holds no secret).
CREATE TABLE connection_test (
  project   text   NOT NULL,
  name      text   NOT NULL,
  print     text   NOT NULL,
  ok        bigint NOT NULL,
  words     text   NOT NULL,
  code      text,
  try_this  text,
  micros    bigint NOT NULL,
  tested_by text   NOT NULL,
  tested_at bigint NOT NULL,
  PRIMARY KEY (project, name)
);

-- What copies did: a file of a source at its target, and while it is under way the pieces that arrived.
CREATE TABLE copy_file (
  id          text   PRIMARY KEY,
  project     text   NOT NULL,
  source      text   NOT NULL,
  source_file text   NOT NULL,
  target      text   NOT NULL,
  target_file text   NOT NULL,
  length      bigint,
  etag        text,
  modified    bigint,
  upload      text,
  sha256      text,
  target_etag text,
  changed_at  bigint NOT NULL,
  UNIQUE (project, source, source_file, target, target_file)
);

CREATE TABLE copy_piece (
  file    text   NOT NULL REFERENCES copy_file (id) ON DELETE CASCADE,
  number  bigint NOT NULL,
  project text   NOT NULL,
  length  bigint NOT NULL,
  sha256  text   NOT NULL,
  tag     text   NOT NULL,
  PRIMARY KEY (file, number)
);
