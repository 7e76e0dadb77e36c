-- Expected close dates, or agreed acts, with the day from which each was known; value: the day it names (NULL: none).
SELECT e.deal, c.day, e.turn, epoch_us(CAST(s.due_on AS TIMESTAMP)) // 86400000000 AS value
FROM events AS e
JOIN rewind_calendar AS c ON c.known_on = greatest(CAST(greatest(e.happened_at, e.recorded_at) AS DATE), CAST($first AS DATE))
JOIN source_events AS s ON s.ordinal = e.ordinal
WHERE CAST(e.kind AS VARCHAR) = $kind
ORDER BY 1, 2, 3
