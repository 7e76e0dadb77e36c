-- When the buyer of each deal had last acted, by what had been recorded at the moment: buyer acts, and evidence beyond
-- the seller's word that had not been taken back.
CREATE OR REPLACE TABLE gate_last_acts AS
WITH known AS (
    SELECT g.deal, e.kind, s.name, s.ref, s.grade, e.happened_at
    FROM gate_at AS g
    JOIN events AS e ON e.deal = g.deal
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE e.kind IN ('buyer_acted', 'evidence_recorded', 'evidence_retracted') AND e.recorded_how <> 'snapshot'
        AND e.happened_at <= g.moment
        AND coalesce(e.recorded_at, e.happened_at) <= g.known_by
), taken_back AS (
    SELECT * FROM known WHERE kind = 'evidence_retracted'
)
SELECT k.deal, max(k.happened_at) AS last_at
FROM known AS k
WHERE k.kind = 'buyer_acted' OR (
    k.kind = 'evidence_recorded' AND k.grade > 0 AND NOT EXISTS (
        SELECT 1 FROM taken_back AS w
        WHERE w.deal = k.deal AND w.name = k.name AND (w.ref = k.ref OR (w.ref IS NULL AND w.happened_at >= k.happened_at))
    )
)
GROUP BY k.deal
