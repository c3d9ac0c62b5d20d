-- People are never deleted, only disabled: the audit chain and signatures keep naming them.
CREATE TABLE person (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  password    text,
  disabled    bigint NOT NULL DEFAULT 0,
  created_at  bigint NOT NULL
);

CREATE TABLE person_role (
  person   text NOT NULL REFERENCES person (id),
  project  text NOT NULL,
  role     text NOT NULL,
  PRIMARY KEY (person, project, role)
);

-- Secrets are kept as SHA-256 of 32 random bytes: nothing here lets anybody in.
CREATE TABLE session (
  hash        text PRIMARY KEY,
  person      text NOT NULL REFERENCES person (id),
  created_at  bigint NOT NULL,
  ends_at     bigint NOT NULL
);
CREATE INDEX session_person ON session (person);

CREATE TABLE token (
  id          text PRIMARY KEY,
  hash        text NOT NULL UNIQUE,
  person      text NOT NULL REFERENCES person (id),
  name        text NOT NULL,
  project     text,
  role        text,
  created_at  bigint NOT NULL,
  ends_at     bigint NOT NULL
);
CREATE INDEX token_person ON token (person);

-- Public halves of the keys that people sign with; a revoked one stays, with the time it ended.
CREATE TABLE person_key (
  hint        text PRIMARY KEY,
  person      text NOT NULL REFERENCES person (id),
  name        text NOT NULL,
  pem         text NOT NULL,
  created_at  bigint NOT NULL,
  revoked_at  bigint
);

-- One-use links with which a person chooses a password; without a person it makes the first admin.
CREATE TABLE welcome (
  hash     text PRIMARY KEY,
  person   text REFERENCES person (id),
  ends_at  bigint NOT NULL
);
