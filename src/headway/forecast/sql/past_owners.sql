-- Who held each deal, with the day from which it was known; value: the code of the name.
SELECT e.deal, c.day, e.turn, e.code AS value
FROM events AS e
JOIN rewind_calendar AS c ON c.known_on = greatest(CAST(greatest(e.happened_at, e.recorded_at) AS DATE), CAST($first AS DATE))
WHERE e.kind = 'owner_set'
ORDER BY 1, 2, 3
