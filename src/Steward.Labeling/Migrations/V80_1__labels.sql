CREATE TABLE label_queue (
  project    text   NOT NULL,
  number     bigint NOT NULL,
  -- What it was made for: hearing the same wish twice makes one queue.
  wish       text   NOT NULL,
  incident   bigint NOT NULL,
  endpoint   text   NOT NULL,
  model      text   NOT NULL,
  version    bigint NOT NULL,
  data_set   text   NOT NULL,
  labels     text   NOT NULL,
  state      text   NOT NULL,
  items      bigint NOT NULL,
  answered   bigint NOT NULL,
  created_at bigint NOT NULL,
  full_at    bigint,
  closing_at bigint,
  done_at    bigint,
  done_by    text,
  snapshot   bigint,
  trouble    text,
  PRIMARY KEY (project, number),
  UNIQUE (project, wish)
);

CREATE TABLE label_item (
  project      text   NOT NULL,
  queue        bigint NOT NULL,
  number       bigint NOT NULL,
  picture      text   NOT NULL,
  prediction   text   NOT NULL,
  guess        text   NOT NULL,
  confidence   double precision NOT NULL,
  label        text,
  by_id        text,
  by_name      text,
  leased_to    text,
  leased_until bigint NOT NULL,
  PRIMARY KEY (project, queue, number)
);

-- Every answer and skip in order, so that a person can take back their last one, and the one before.
CREATE TABLE label_deed (
  project text   NOT NULL,
  queue   bigint NOT NULL,
  seq     bigint NOT NULL,
  item    bigint NOT NULL,
  by_id   text   NOT NULL,
  by_name text   NOT NULL,
  label   text,
  at      bigint NOT NULL,
  undone  bigint NOT NULL,
  PRIMARY KEY (project, queue, seq)
);
CREATE INDEX label_deed_of_person ON label_deed (project, queue, by_id, item);
