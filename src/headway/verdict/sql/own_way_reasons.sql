-- The reason given last for each rule (or step) that an exception was allowed for.
SELECT s.name AS rule, max(s.note) AS why
FROM (
    SELECT e.code, max(s.ordinal) AS ordinal
    FROM (
        SELECT code, max(happened_at) AS last_at FROM events WHERE kind = 'exception_allowed' GROUP BY code
    ) AS l
    JOIN events AS e ON e.code = l.code AND e.happened_at = l.last_at
    JOIN source_events AS s ON s.ordinal = e.ordinal AND s.note IS NOT NULL
    GROUP BY e.code
) AS n
JOIN source_events AS s ON s.ordinal = n.ordinal
GROUP BY s.name
ORDER BY s.name
