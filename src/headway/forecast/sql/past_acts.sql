-- Buyer acts, and evidence beyond the seller's word: when they happened, the day from which they were known, and the
-- day on which they were known to be retracted (NULL: never).
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
SELECT deal, day, NULL AS until, epoch_us(happened_at) // 86400000000 AS value FROM rewind_known WHERE kind = 'buyer_acted'
UNION ALL
SELECT s.deal, s.day, r.day, epoch_us(s.happened_at) // 86400000000
FROM named AS s LEFT JOIN retracted AS r ON r.ordinal = s.ordinal
WHERE s.kind = 'evidence_recorded' AND s.grade > 0
ORDER BY 1, 2
