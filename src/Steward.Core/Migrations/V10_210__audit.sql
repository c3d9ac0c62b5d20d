-- One row per deed, each bound to the one before by its hash; rows are added, never changed.
CREATE TABLE audit_entry (
  number    bigint PRIMARY KEY,
  at        bigint NOT NULL,
  by_id     text NOT NULL,
  by_name   text NOT NULL,
  action    text NOT NULL,
  project   text,
  subject   text NOT NULL,
  detail    text,
  previous  text NOT NULL,
  hash      text NOT NULL
);
CREATE INDEX audit_entry_project ON audit_entry (project, number);

-- The end of the chain: locked by every writer, so that numbers have no gaps.
CREATE TABLE audit_head (
  id      text PRIMARY KEY,
  number  bigint NOT NULL,
  hash    text NOT NULL
);
INSERT INTO audit_head (id, number, hash) VALUES ('chain', 0, '0000000000000000000000000000000000000000000000000000000000000000');
