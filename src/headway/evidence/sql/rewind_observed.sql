-- Spans of days on which a buyer was known to have acted: from a buyer act on, or while evidence beyond the seller's
-- word, of whatever milestone, was known and not known to be retracted.
CREATE OR REPLACE TABLE rewind_observed AS
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
), spans AS (
    SELECT deal, min(day) AS day, $beyond AS until FROM rewind_known WHERE kind = 'buyer_acted' GROUP BY deal
    UNION ALL
    SELECT s.deal, s.day, coalesce(r.day, $beyond)
    FROM named AS s LEFT JOIN retracted AS r ON r.ordinal = s.ordinal
    WHERE s.kind = 'evidence_recorded' AND s.grade > 0
)
-- One span per first day is enough: the longest.
SELECT deal, day, CAST(max(until) AS INTEGER) AS until FROM spans WHERE day < until GROUP BY deal, day
