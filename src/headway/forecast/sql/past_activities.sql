-- What the seller did: when it happened (day), and the day from which it was known.
SELECT e.deal, c.day, epoch_us(e.happened_at) // 86400000000 AS value
FROM events AS e
JOIN rewind_calendar AS c ON c.known_on = greatest(CAST(greatest(e.happened_at, e.recorded_at) AS DATE), CAST($first AS DATE))
WHERE e.kind = 'activity_done'
ORDER BY 1, 2
