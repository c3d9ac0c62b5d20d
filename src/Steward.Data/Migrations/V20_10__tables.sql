-- Tables: a row of snapshots each. The row of a table is what writers of it take turns at.
CREATE TABLE data_table (
  id             text   PRIMARY KEY,
  project        text   NOT NULL,
  name           text   NOT NULL,
  version        bigint NOT NULL,
  schema_version bigint NOT NULL,
  row_count      bigint NOT NULL,
  bytes          bigint NOT NULL,
  parts          bigint NOT NULL,
  key_columns    text   NOT NULL,
  file_schema    text,
  UNIQUE (project, name)
);

CREATE TABLE table_schema (
  table_id text   NOT NULL REFERENCES data_table (id),
  version  bigint NOT NULL,
  project  text   NOT NULL,
  columns  text   NOT NULL,
  PRIMARY KEY (table_id, version)
);

CREATE TABLE table_snapshot (
  table_id       text   NOT NULL REFERENCES data_table (id),
  version        bigint NOT NULL,
  project        text   NOT NULL,
  kind           text   NOT NULL,
  row_count      bigint NOT NULL,
  bytes          bigint NOT NULL,
  parts          bigint NOT NULL,
  added_rows     bigint NOT NULL,
  removed_rows   bigint NOT NULL,
  window_start   bigint,
  window_end     bigint,
  schema_version bigint NOT NULL,
  reason         text   NOT NULL,
  task           text,
  made_by        text   NOT NULL,
  made_at        bigint NOT NULL,
  expired_at     bigint,
  PRIMARY KEY (table_id, version)
);

-- A Parquet file among the blobs: of no project, because equal bytes are kept once. Its row is what keeps a clean-up
-- and a writer of the same bytes apart; a file that no part names goes a day after it was staged last.
CREATE TABLE table_file (
  blob       text   PRIMARY KEY,
  bytes      bigint NOT NULL,
  row_count  bigint NOT NULL,
  columns    text   NOT NULL,
  statistics text   NOT NULL,
  staged_at  bigint NOT NULL
);

-- Rows of a file that belong to a table from one snapshot on, and, when they went, until another.
CREATE TABLE table_part (
  id           text   PRIMARY KEY,
  table_id     text   NOT NULL REFERENCES data_table (id),
  project      text   NOT NULL,
  blob         text   NOT NULL REFERENCES table_file (blob),
  first_row    bigint NOT NULL,
  row_count    bigint NOT NULL,
  window_start bigint,
  window_end   bigint,
  since        bigint NOT NULL,
  until        bigint
);
CREATE INDEX table_part_live ON table_part (table_id, window_start) WHERE until IS NULL;
CREATE INDEX table_part_since ON table_part (table_id, since);
CREATE INDEX table_part_until ON table_part (table_id, until) WHERE until IS NOT NULL;
CREATE INDEX table_part_of_file ON table_part (blob);

CREATE TABLE table_origin (
  table_id    text   NOT NULL,
  version     bigint NOT NULL,
  column_name text   NOT NULL,
  made_from   text   NOT NULL,
  from_column text   NOT NULL,
  project     text   NOT NULL,
  PRIMARY KEY (table_id, version, column_name, made_from, from_column)
);

-- Somebody reads a snapshot. A reader that died is believed to live until then.
CREATE TABLE table_lease (
  id         text   PRIMARY KEY,
  table_id   text   NOT NULL,
  version    bigint NOT NULL,
  project    text   NOT NULL,
  held_until bigint NOT NULL
);
CREATE INDEX table_lease_of ON table_lease (table_id, version);
