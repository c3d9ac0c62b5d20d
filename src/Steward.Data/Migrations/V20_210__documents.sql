-- Documents by key. Every statement may be run again: another database is made ready with the same text.
CREATE TABLE IF NOT EXISTS document_collection (
  project text   NOT NULL,
  name    text   NOT NULL,
  list    bigint NOT NULL,
  newest  bigint NOT NULL,
  PRIMARY KEY (project, name)
);

CREATE TABLE IF NOT EXISTS document_list (
  project    text   NOT NULL,
  collection text   NOT NULL,
  number     bigint NOT NULL,
  state      text   NOT NULL,
  made_by    text   NOT NULL,
  documents  bigint NOT NULL,
  begun_at   bigint NOT NULL,
  swapped_by text,
  swapped_at bigint,
  former_at  bigint,
  PRIMARY KEY (project, collection, number)
);

CREATE TABLE IF NOT EXISTS document (
  project    text   NOT NULL,
  collection text   NOT NULL,
  list       bigint NOT NULL,
  key        text   NOT NULL,
  body       text   NOT NULL,
  made_by    text   NOT NULL,
  blob       text,
  stored_at  bigint NOT NULL,
  expires_at bigint,
  PRIMARY KEY (project, collection, list, key)
);
CREATE INDEX IF NOT EXISTS document_expires ON document (expires_at) WHERE expires_at IS NOT NULL;
