-- Evidence that happened before the deal was decided, with what was later said against it.
-- A retraction or dispute names its evidence by ref; without one it means all evidence before it.
CREATE OR REPLACE TABLE standing_evidence AS
WITH of_time AS (
    SELECT e.*, f.frozen_at FROM evidence AS e JOIN frozen AS f ON f.deal = e.deal WHERE e.happened_at <= f.frozen_at
), shown AS (
    SELECT * FROM of_time WHERE kind IN ('buyer_acted', 'evidence_recorded')
), against AS (
    SELECT DISTINCT
        s.ordinal, s.milestone,
        w.kind = 'evidence_retracted' AS retracts
    FROM shown AS s
    JOIN of_time AS w ON w.deal = s.deal AND w.milestone = s.milestone
        AND w.kind IN ('evidence_retracted', 'evidence_disputed')
        AND (w.ref = s.ref OR (w.ref IS NULL AND w.happened_at >= s.happened_at))
)
SELECT
    s.deal, s.milestone, s.grade, s.happened_at, s.recorded_at, s.recorded_how, s.ordinal, s.frozen_at,
    d.ordinal IS NOT NULL AS disputed
FROM shown AS s
LEFT JOIN against AS r ON r.ordinal = s.ordinal AND r.milestone = s.milestone AND r.retracts
LEFT JOIN against AS d ON d.ordinal = s.ordinal AND d.milestone = s.milestone AND NOT d.retracts
WHERE r.ordinal IS NULL
