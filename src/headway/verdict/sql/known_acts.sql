-- When the buyer of each deal acted; not what was recorded only after the deal was decided, for then the outcome may
-- have decided what was recorded.
SELECT DISTINCT b.deal, epoch_us(b.happened_at) AS at_us, CAST(0 AS INTEGER) AS value
FROM buyer_acts AS b
JOIN deals AS d ON d.deal = b.deal
JOIN events AS e ON e.deal = b.deal AND e.happened_at = b.happened_at AND e.kind IN ('buyer_acted', 'evidence_recorded')
WHERE d.decided_at IS NULL OR e.recorded_how <> 'history' OR coalesce(e.recorded_at, e.happened_at) <= d.decided_at
ORDER BY ALL
