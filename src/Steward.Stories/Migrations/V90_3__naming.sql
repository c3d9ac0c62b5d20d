-- Rounds of naming pictures before they are turned over: a game of one person, whose scores nobody else reads.
CREATE TABLE naming_round (
  id         text   PRIMARY KEY,
  project    text   NOT NULL,
  person     text   NOT NULL,
  -- From 1 per person: two starts at once are one round.
  number     bigint NOT NULL,
  pictures   text   NOT NULL,
  said       text   NOT NULL,
  started_at bigint NOT NULL,
  ended_at   bigint,
  UNIQUE (project, person, number)
);
