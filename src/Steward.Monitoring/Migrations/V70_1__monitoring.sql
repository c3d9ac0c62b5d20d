-- How far each version's answers have been judged: everything behind this place waits.
CREATE TABLE watch (
  endpoint text   NOT NULL,
  version  bigint NOT NULL,
  project  text   NOT NULL,
  windows  bigint NOT NULL,
  last_at  bigint NOT NULL,
  last_id  text   NOT NULL,
  -- What became normal after an incident, when this version learned it.
  normal   text,
  PRIMARY KEY (endpoint, version)
);

CREATE TABLE judged_window (
  endpoint        text   NOT NULL,
  version         bigint NOT NULL,
  number          bigint NOT NULL,
  project         text   NOT NULL,
  before_at       bigint,
  before_id       text,
  from_at         bigint NOT NULL,
  last_at         bigint NOT NULL,
  last_id         text   NOT NULL,
  answers         bigint NOT NULL,
  state           text   NOT NULL,
  alarms          text   NOT NULL,
  unsure          bigint NOT NULL,
  unsure_of       bigint NOT NULL,
  unsure_windows  bigint NOT NULL,
  unsure_under    double precision NOT NULL,
  unsure_limit    bigint,
  reference_unsure bigint NOT NULL,
  reference_rows  bigint NOT NULL,
  unsure_p        double precision NOT NULL,
  drift_score     double precision,
  drift_limit     double precision,
  drift_p         double precision,
  drift_rows      bigint,
  drift_windows   bigint,
  drift_against   text,
  incident        bigint,
  note            text,
  judged_at       bigint NOT NULL,
  PRIMARY KEY (endpoint, version, number)
);
CREATE INDEX judged_window_newest ON judged_window (endpoint, last_at);
CREATE INDEX judged_window_of_incident ON judged_window (project, incident) WHERE incident IS NOT NULL;

CREATE TABLE incident (
  project       text   NOT NULL,
  number        bigint NOT NULL,
  endpoint      text   NOT NULL,
  model         text   NOT NULL,
  version       bigint NOT NULL,
  state         text   NOT NULL,
  kinds         text   NOT NULL,
  summary       text   NOT NULL,
  since         bigint NOT NULL,
  opened_at     bigint NOT NULL,
  last_alarm_at bigint NOT NULL,
  alarms        bigint NOT NULL,
  answers       bigint NOT NULL,
  round         bigint NOT NULL,
  quiet_windows bigint NOT NULL,
  quiet_at      bigint,
  closed_at     bigint,
  cause         text,
  closed_by     text,
  PRIMARY KEY (project, number)
);
CREATE UNIQUE INDEX incident_one_open ON incident (endpoint) WHERE closed_at IS NULL;

-- The timeline. The key makes telling a thing twice impossible.
CREATE TABLE incident_entry (
  project  text   NOT NULL,
  incident bigint NOT NULL,
  key      text   NOT NULL,
  seq      bigint NOT NULL,
  kind     text   NOT NULL,
  words    text   NOT NULL,
  detail   text,
  told_by  text   NOT NULL,
  at       bigint NOT NULL,
  PRIMARY KEY (project, incident, key)
);

-- What the project file asks to do by itself. Decided before it is done, so that a crash in between repeats nothing.
CREATE TABLE incident_deed (
  id        text   PRIMARY KEY,
  project   text   NOT NULL,
  incident  bigint NOT NULL,
  endpoint  text   NOT NULL,
  version   bigint NOT NULL,
  round     bigint NOT NULL,
  kind      text   NOT NULL,
  batch     bigint NOT NULL,
  state     text   NOT NULL,
  decision  text,
  tries     bigint NOT NULL,
  due_at    bigint NOT NULL,
  wanted_at bigint NOT NULL,
  done_at   bigint
);
CREATE INDEX incident_deed_open ON incident_deed (due_at) WHERE done_at IS NULL;
CREATE INDEX incident_deed_of_incident ON incident_deed (project, incident);
