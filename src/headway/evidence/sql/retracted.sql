-- Evidence, of whatever milestone, that was retracted before the deal was decided.
CREATE OR REPLACE TABLE retracted AS
WITH of_time AS (
    SELECT e.deal, e.kind, s.name, s.ref, e.happened_at, e.ordinal
    FROM events AS e
    JOIN frozen AS f ON f.deal = e.deal
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE e.kind IN ('evidence_recorded', 'evidence_retracted') AND e.happened_at <= f.frozen_at
)
SELECT DISTINCT s.ordinal
FROM of_time AS s
JOIN of_time AS w ON w.deal = s.deal AND w.name = s.name AND w.kind = 'evidence_retracted'
    AND (w.ref = s.ref OR (w.ref IS NULL AND w.happened_at >= s.happened_at))
WHERE s.kind = 'evidence_recorded'
