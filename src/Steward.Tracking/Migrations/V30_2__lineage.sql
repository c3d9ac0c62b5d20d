-- JSON: commit, changes, project file, digests of data and environment.
ALTER TABLE run ADD COLUMN lineage text;
