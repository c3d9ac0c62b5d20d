-- Who holds this row takes, ends or talks about a quiz; nobody else of the same name does meanwhile.
CREATE TABLE quiz_taker (
  project text NOT NULL,
  kind    text NOT NULL,
  subject text NOT NULL,
  person  text NOT NULL,
  PRIMARY KEY (project, kind, subject, person)
);

-- Every try: what was shown, what was answered, how long it took. It holds for the facts it was about.
CREATE TABLE quiz_try (
  id            text             PRIMARY KEY,
  project       text             NOT NULL,
  kind          text             NOT NULL,
  subject       text             NOT NULL,
  edition       bigint           NOT NULL,
  person        text             NOT NULL,
  name          text             NOT NULL,
  story_hash    text             NOT NULL,
  facts_hash    text             NOT NULL,
  level         text             NOT NULL,
  language      text             NOT NULL,
  bank          text             NOT NULL,
  number        bigint           NOT NULL,
  items         text             NOT NULL,
  answers       text             NOT NULL,
  started_at    bigint           NOT NULL,
  ended_at      bigint,
  right_answers bigint           NOT NULL,
  passed        bigint           NOT NULL,
  seconds       double precision NOT NULL,
  UNIQUE (project, kind, subject, person, facts_hash, number)
);
CREATE INDEX quiz_try_story ON quiz_try (project, kind, subject, facts_hash);

-- "I do not understand" and "I disagree", for the owner of the story.
CREATE TABLE quiz_remark (
  id          text   PRIMARY KEY,
  project     text   NOT NULL,
  kind        text   NOT NULL,
  subject     text   NOT NULL,
  facts_hash  text   NOT NULL,
  person      text   NOT NULL,
  name        text   NOT NULL,
  item        text   NOT NULL,
  stem        text   NOT NULL,
  said        text   NOT NULL,
  comment     text   NOT NULL,
  at          bigint NOT NULL,
  -- What the owner made of it: a limit or a test.
  became      text,
  became_note text,
  became_by   text,
  became_at   bigint
);
CREATE INDEX quiz_remark_story ON quiz_remark (project, kind, subject, at);

-- Talks with the owner after three tries that failed.
CREATE TABLE quiz_talk (
  id      text   PRIMARY KEY,
  project text   NOT NULL,
  kind    text   NOT NULL,
  subject text   NOT NULL,
  person  text   NOT NULL,
  held_by text   NOT NULL,
  note    text   NOT NULL,
  at      bigint NOT NULL
);
CREATE INDEX quiz_talk_story ON quiz_talk (project, kind, subject, at);

-- How useful people found a story; the last word of a person about an edition.
CREATE TABLE story_rating (
  project  text   NOT NULL,
  kind     text   NOT NULL,
  subject  text   NOT NULL,
  edition  bigint NOT NULL,
  person   text   NOT NULL,
  stars    bigint NOT NULL,
  comment  text   NOT NULL,
  rated_at bigint NOT NULL,
  PRIMARY KEY (project, kind, subject, edition, person)
);
