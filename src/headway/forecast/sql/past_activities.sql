-- What the seller did: when it happened (day), the day from which it was known, and which activity (kind: its code).
SELECT e.deal, c.day, epoch_us(e.happened_at) // 86400000000 AS value, e.code AS kind
FROM events AS e
JOIN rewind_calendar AS c ON c.known_on = greatest(CAST(greatest(e.happened_at, e.recorded_at) AS DATE), CAST($first AS DATE))
WHERE e.kind = 'activity_done'
ORDER BY 1, 2
