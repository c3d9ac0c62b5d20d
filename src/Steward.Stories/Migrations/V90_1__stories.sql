-- Every edition of every story: the facts it was made from, as they stood.
CREATE TABLE story (
  project      text   NOT NULL,
  kind         text   NOT NULL,
  subject      text   NOT NULL,
  edition      bigint NOT NULL,
  -- Its place in the project's series; releases and incidents have one.
  episode      bigint,
  facts        text   NOT NULL,
  facts_hash   text   NOT NULL,
  made_by      text   NOT NULL,
  made_at      bigint NOT NULL,
  -- What the checks found; empty when it may be published.
  findings     text   NOT NULL,
  published_by text,
  published_at bigint,
  PRIMARY KEY (project, kind, subject, edition)
);
CREATE INDEX story_newest ON story (project, made_at);
CREATE INDEX story_episode ON story (project, episode) WHERE episode IS NOT NULL;

-- How many episodes the series of a project has. Who makes a story holds this row, so that two never take one place.
CREATE TABLE story_series (
  project  text   PRIMARY KEY,
  episodes bigint NOT NULL
);
