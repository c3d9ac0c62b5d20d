CREATE TABLE project (
  name       text   PRIMARY KEY,
  revision   bigint NOT NULL,
  file       text   NOT NULL,
  changed_at bigint NOT NULL
);

CREATE TABLE project_revision (
  name       text   NOT NULL REFERENCES project (name),
  revision   bigint NOT NULL,
  file       text   NOT NULL,
  changed_at bigint NOT NULL,
  changed_by text   NOT NULL,
  PRIMARY KEY (name, revision)
);
