-- The events of some deals that became known between the ends of two days, the latest last.
SELECT
    e.deal, CAST(e.kind AS VARCHAR) AS kind, s.name, CAST(e.happened_at AS DATE) AS happened_on, s.contact,
    CAST(s.amount AS DOUBLE) AS amount, s.due_on, s.note, e.ordinal
FROM events AS e
JOIN source_events AS s ON s.ordinal = e.ordinal
WHERE e.deal IN (SELECT unnest($deals))
    AND CAST(greatest(e.happened_at, e.recorded_at) AS DATE) > $from_on
    AND CAST(greatest(e.happened_at, e.recorded_at) AS DATE) <= $to_on
ORDER BY e.deal, e.happened_at, e.ordinal
