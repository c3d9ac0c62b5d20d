-- How far the requests of an endpoint have been counted.
CREATE TABLE volume_watch (
  endpoint text   PRIMARY KEY,
  project  text   NOT NULL,
  from_at  bigint NOT NULL
);

-- How many requests came in a window by the clock, and what was allowed then.
CREATE TABLE judged_volume (
  endpoint  text   NOT NULL,
  from_at   bigint NOT NULL,
  project   text   NOT NULL,
  to_at     bigint NOT NULL,
  requests  bigint NOT NULL,
  at_least  bigint,
  at_most   bigint,
  incident  bigint,
  judged_at bigint NOT NULL,
  PRIMARY KEY (endpoint, from_at)
);
