-- The task of the ledger that a step ordered with the end of its window.
ALTER TABLE pipeline_step ADD COLUMN task text;
