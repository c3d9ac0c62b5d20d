-- Monitoring reads the answers of one version on from a place.
CREATE INDEX prediction_by_version ON prediction (endpoint, version, at, id);
