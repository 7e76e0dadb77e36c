-- One small integer per (kind, name): what happened, as a number.
CREATE TABLE codes AS
SELECT kind, name, CAST(row_number() OVER (ORDER BY kind, name) - 1 AS INTEGER) AS code
FROM (SELECT DISTINCT kind, name FROM source_events)
