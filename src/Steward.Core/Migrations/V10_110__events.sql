-- The number an event gets. One row: whoever publishes holds its lock until the commit, so numbers become visible
-- in their own order on PostgreSQL too, and a cursor never passes by an event that commits late.
CREATE TABLE event_counter (
  id    text PRIMARY KEY,
  value bigint NOT NULL
);
INSERT INTO event_counter (id, value) VALUES ('event', 0);

CREATE TABLE event (
  seq  bigint PRIMARY KEY,
  name text   NOT NULL,
  body text   NOT NULL,
  at   bigint NOT NULL
);
CREATE INDEX event_by_name ON event (name, seq);
CREATE INDEX event_by_time ON event (at);

-- How far each listener has heard, and which server tells it at the moment.
CREATE TABLE event_cursor (
  listener   text   PRIMARY KEY,
  position   bigint NOT NULL,
  holder     text,
  held_until bigint NOT NULL,
  fence      bigint NOT NULL,
  tries      bigint NOT NULL,
  due_at     bigint NOT NULL,
  error      text
);

-- What a listener could not hear after many tries: set aside, so that the next one gets its turn.
CREATE TABLE event_parked (
  id        text   PRIMARY KEY,
  listener  text   NOT NULL,
  seq       bigint NOT NULL,
  name      text   NOT NULL,
  body      text   NOT NULL,
  error     text   NOT NULL,
  tries     bigint NOT NULL,
  parked_at bigint NOT NULL
);
