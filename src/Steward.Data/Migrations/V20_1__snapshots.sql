CREATE TABLE snapshot (
  project   text   NOT NULL,
  data_set  text   NOT NULL,
  version   bigint NOT NULL,
  manifest  text   NOT NULL,
  items     bigint NOT NULL,
  new_items bigint NOT NULL,
  new_bytes bigint NOT NULL,
  reason    text   NOT NULL,
  added_by  text   NOT NULL,
  added_at  bigint NOT NULL,
  PRIMARY KEY (project, data_set, version)
);

-- Which pictures a project owns: what its readers may see, and what a new snapshot does not store again.
CREATE TABLE snapshot_blob (
  project text   NOT NULL,
  blob    text   NOT NULL,
  size    bigint NOT NULL,
  PRIMARY KEY (project, blob)
);

CREATE TABLE upload (
  id         text   PRIMARY KEY,
  project    text   NOT NULL,
  data_set   text   NOT NULL,
  owner      text   NOT NULL,
  started_at bigint NOT NULL
);

CREATE TABLE upload_item (
  upload  text   NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
  key     text   NOT NULL,
  project text   NOT NULL,
  blob    text   NOT NULL,
  size    bigint NOT NULL,
  label   text   NOT NULL,
  split   text   NOT NULL,
  source  text   NOT NULL,
  PRIMARY KEY (upload, key)
);
