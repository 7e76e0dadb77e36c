-- Which milestones were proven at each moment, by what had been recorded then: the meaning of docs/methods/proof.md.
CREATE OR REPLACE TABLE gate_proven AS
WITH known AS (
    SELECT e.deal, e.milestone, e.kind, e.grade, e.ref, e.happened_at, g.moment
    FROM gate_at AS g
    JOIN evidence AS e ON e.deal = g.deal
    WHERE e.recorded_how <> 'snapshot' AND e.happened_at <= g.moment
        AND coalesce(e.recorded_at, e.happened_at) <= g.known_by
), against AS (
    SELECT * FROM known WHERE kind IN ('evidence_retracted', 'evidence_disputed')
)
SELECT DISTINCT k.deal, k.milestone
FROM known AS k
JOIN milestones AS m ON m.milestone = k.milestone
WHERE k.kind IN ('buyer_acted', 'evidence_recorded') AND k.grade >= m.grade
    AND (m.shelf_us IS NULL OR epoch_us(k.moment) - epoch_us(k.happened_at) <= m.shelf_us)
    AND NOT EXISTS (
        SELECT 1 FROM against AS w
        WHERE w.deal = k.deal AND w.milestone = k.milestone
            AND (w.ref = k.ref OR (w.ref IS NULL AND w.happened_at >= k.happened_at))
    )
