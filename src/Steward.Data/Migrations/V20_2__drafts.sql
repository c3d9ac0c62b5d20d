-- A draft that is being committed takes no more pictures: none would be lost between reading it and dropping it.
ALTER TABLE upload ADD COLUMN closed bigint NOT NULL DEFAULT 0;
CREATE INDEX upload_of_owner ON upload (project, owner, started_at);
