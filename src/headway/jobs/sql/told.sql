-- What buyers of open deals did and what was said against it: `stands` unless retracted or disputed.
CREATE OR REPLACE TABLE told AS
WITH seen AS (
    SELECT e.deal, e.kind, s.name, s.contact, s.note, coalesce(s.grade, 0) AS grade, s.ref, e.happened_at, e.ordinal
    FROM events AS e
    JOIN deals AS d ON d.deal = e.deal AND d.decided_at IS NULL
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE e.kind IN ('buyer_acted', 'evidence_recorded', 'evidence_retracted', 'evidence_disputed')
), withdrawn AS (
    SELECT DISTINCT s.ordinal
    FROM seen AS s
    JOIN seen AS w ON w.deal = s.deal AND w.name = s.name AND w.kind IN ('evidence_retracted', 'evidence_disputed')
        AND (w.ref = s.ref OR (w.ref IS NULL AND w.happened_at >= s.happened_at))
    WHERE s.kind IN ('buyer_acted', 'evidence_recorded')
)
SELECT s.*, w.ordinal IS NULL AS stands
FROM seen AS s LEFT JOIN withdrawn AS w ON w.ordinal = s.ordinal
WHERE s.kind IN ('buyer_acted', 'evidence_recorded')
