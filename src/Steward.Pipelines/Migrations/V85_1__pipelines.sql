-- What is known of a pipeline besides the project file. Locked by whoever starts its windows.
CREATE TABLE pipeline (
  project  text   NOT NULL,
  name     text   NOT NULL,
  -- How its windows lie; it may not change once there are some.
  grid     text,
  -- Tumbling: where the next window without a row begins. Cron and event: where the last one ended.
  next_at  bigint NOT NULL,
  -- The revision of the project file that was taken over last.
  revision bigint NOT NULL,
  paused   bigint NOT NULL,
  trouble  text,
  PRIMARY KEY (project, name)
);

-- One row per pipeline and window, made when the window is due. While its state is 'running' it holds a slot.
CREATE TABLE pipeline_window (
  project     text   NOT NULL,
  pipeline    text   NOT NULL,
  start_at    bigint NOT NULL,
  end_at      bigint NOT NULL,
  state       text   NOT NULL,
  -- Not before; later than the window's own time while it waits to be tried again.
  due_at      bigint NOT NULL,
  origin      text   NOT NULL,
  request     text,
  -- How often it was run again by request, tried again by itself, and begun at all.
  round       bigint NOT NULL,
  attempt     bigint NOT NULL,
  runs        bigint NOT NULL,
  why         text,
  -- The window of another pipeline that it waits for first.
  waits_for   text,
  waits_at    bigint,
  waits_since bigint,
  -- The run and the task of the ledger that hold it now or held it last.
  run         text,
  task        text,
  from_step   text,
  stale       bigint NOT NULL,
  rows_made   bigint,
  started_at  bigint,
  ended_at    bigint,
  PRIMARY KEY (project, pipeline, start_at)
);
CREATE INDEX pipeline_window_by_state ON pipeline_window (project, pipeline, state, start_at);
CREATE INDEX pipeline_window_waiting ON pipeline_window (project, waits_for, waits_at) WHERE waits_for IS NOT NULL;

-- What happened: every run of a window, and every step of a run.
CREATE TABLE pipeline_run (
  id         text   PRIMARY KEY,
  project    text   NOT NULL,
  pipeline   text   NOT NULL,
  start_at   bigint NOT NULL,
  number     bigint NOT NULL,
  task       text   NOT NULL,
  revision   bigint,
  state      text   NOT NULL,
  error      text,
  begun_at   bigint NOT NULL,
  ended_at   bigint
);
CREATE INDEX pipeline_run_of_window ON pipeline_run (project, pipeline, start_at, number);

CREATE TABLE pipeline_step (
  run        text   NOT NULL,
  step       text   NOT NULL,
  project    text   NOT NULL,
  pipeline   text   NOT NULL,
  start_at   bigint NOT NULL,
  round      bigint NOT NULL,
  kind       text   NOT NULL,
  state      text   NOT NULL,
  -- Of all it depends on: with the same, what it made is taken again.
  inputs     text,
  made       text,
  rows_made  bigint,
  words      text,
  begun_at   bigint,
  ended_at   bigint,
  PRIMARY KEY (run, step)
);
CREATE INDEX pipeline_step_made ON pipeline_step (project, pipeline, start_at, step, inputs) WHERE made IS NOT NULL;

-- What somebody asked for: a stretch of windows to be run, or run again.
CREATE TABLE pipeline_request (
  id       text   PRIMARY KEY,
  project  text   NOT NULL,
  pipeline text   NOT NULL,
  kind     text   NOT NULL,
  from_at  bigint NOT NULL,
  to_at    bigint NOT NULL,
  windows  bigint NOT NULL,
  asked_by text   NOT NULL,
  asked_at bigint NOT NULL
);
CREATE INDEX pipeline_request_newest ON pipeline_request (project, pipeline, asked_at);

-- Files that arrived, each taken by one window.
CREATE TABLE pipeline_file (
  project    text   NOT NULL,
  pipeline   text   NOT NULL,
  name       text   NOT NULL,
  bytes      bigint NOT NULL,
  changed_at bigint NOT NULL,
  start_at   bigint NOT NULL,
  PRIMARY KEY (project, pipeline, name, bytes, changed_at)
);

CREATE TABLE pipeline_alarm (
  project  text   NOT NULL,
  pipeline text   NOT NULL,
  kind     text   NOT NULL,
  start_at bigint NOT NULL,
  why      text   NOT NULL,
  at       bigint NOT NULL,
  over_at  bigint,
  PRIMARY KEY (project, pipeline, kind, start_at)
);
CREATE INDEX pipeline_alarm_open ON pipeline_alarm (project) WHERE over_at IS NULL;
