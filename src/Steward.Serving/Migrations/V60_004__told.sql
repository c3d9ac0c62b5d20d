-- When somebody first said whether an answer was right, and how: by feedback, or by naming pictures they were asked about.
ALTER TABLE prediction ADD COLUMN told_at bigint;
ALTER TABLE prediction ADD COLUMN told_how text;
CREATE INDEX prediction_told ON prediction (endpoint, version, told_at, id) WHERE told_at IS NOT NULL;
-- What is too old is found from its oldest end, whatever endpoint it belongs to.
CREATE INDEX prediction_by_age ON prediction (at);
