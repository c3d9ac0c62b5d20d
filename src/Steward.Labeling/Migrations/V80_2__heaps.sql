-- The pictures without a name of one snapshot, sorted into heaps.
CREATE TABLE heap_sorting (
  project    text   NOT NULL,
  number     bigint NOT NULL,
  -- The task that sorted: its end is told once.
  task       text   NOT NULL,
  data_set   text   NOT NULL,
  version    bigint NOT NULL,
  pictures   bigint NOT NULL,
  state      text   NOT NULL,
  created_at bigint NOT NULL,
  created_by text   NOT NULL,
  done_at    bigint,
  done_by    text,
  named      bigint,
  snapshot   bigint,
  trouble    text,
  PRIMARY KEY (project, number),
  UNIQUE (project, task)
);

CREATE TABLE heap (
  project text   NOT NULL,
  sorting bigint NOT NULL,
  number  bigint NOT NULL,
  name    text,
  PRIMARY KEY (project, sorting, number)
);

CREATE TABLE heap_picture (
  project text   NOT NULL,
  sorting bigint NOT NULL,
  number  bigint NOT NULL,
  picture text   NOT NULL,
  heap    bigint NOT NULL,
  -- How far it lies from the middle of its heap: the most typical come first.
  odd     double precision NOT NULL,
  aside   bigint NOT NULL,
  PRIMARY KEY (project, sorting, number)
);
CREATE INDEX heap_picture_of_heap ON heap_picture (project, sorting, heap, aside, odd, number);

-- Every step in order, so that a person can take back their last one, and the one before.
CREATE TABLE heap_deed (
  project text   NOT NULL,
  sorting bigint NOT NULL,
  seq     bigint NOT NULL,
  kind    text   NOT NULL,
  heap    bigint NOT NULL,
  picture bigint,
  before  text,
  by_id   text   NOT NULL,
  by_name text   NOT NULL,
  at      bigint NOT NULL,
  undone  bigint NOT NULL,
  PRIMARY KEY (project, sorting, seq)
);
