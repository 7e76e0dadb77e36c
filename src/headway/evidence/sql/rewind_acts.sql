-- What shows that a buyer acted: buyer acts, and evidence beyond the seller's word, of whatever milestone. day: the
-- first on which it was known; until: the day on which it was known to be retracted (beyond the last: never).
CREATE OR REPLACE TABLE rewind_acts AS
WITH named AS (
    SELECT k.deal, k.kind, k.ordinal, k.happened_at, k.day, s.name, s.ref, s.grade
    FROM rewind_known AS k JOIN source_events AS s ON s.ordinal = k.ordinal
    WHERE k.kind IN ('evidence_recorded', 'evidence_retracted')
), retracted AS (
    SELECT s.ordinal, min(w.day) AS day
    FROM named AS s
    JOIN named AS w ON w.deal = s.deal AND w.name = s.name AND w.kind = 'evidence_retracted'
        AND (w.ref = s.ref OR (w.ref IS NULL AND w.happened_at >= s.happened_at))
    WHERE s.kind = 'evidence_recorded'
    GROUP BY s.ordinal
)
SELECT deal, day, CAST($beyond AS INTEGER) AS until, happened_at FROM rewind_known WHERE kind = 'buyer_acted'
UNION ALL
SELECT s.deal, s.day, CAST(coalesce(r.day, $beyond) AS INTEGER), s.happened_at
FROM named AS s LEFT JOIN retracted AS r ON r.ordinal = s.ordinal
WHERE s.kind = 'evidence_recorded' AND s.grade > 0
