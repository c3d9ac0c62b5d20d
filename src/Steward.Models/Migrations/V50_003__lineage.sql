-- JSON, as the run had it.
ALTER TABLE model_version ADD COLUMN lineage text;
