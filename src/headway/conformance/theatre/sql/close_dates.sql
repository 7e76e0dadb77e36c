-- Per deal: the expected close dates set while it was open, and how many lie in the last $days days of a month;
-- whether it was won, and in such days.
WITH dates AS (
    SELECT e.deal, s.due_on AS day
    FROM events AS e
    JOIN source_events AS s ON s.ordinal = e.ordinal
    JOIN deals AS d ON d.deal = e.deal
    WHERE e.kind = 'close_date_set' AND e.recorded_how <> 'snapshot' AND s.due_on IS NOT NULL
        AND (d.decided_at IS NULL OR e.happened_at < d.decided_at)
), told AS (
    SELECT deal, count(*) AS dates, count(CASE WHEN day > last_day(day) - CAST($days AS INTEGER) THEN 1 END) AS late
    FROM dates GROUP BY deal
)
SELECT
    coalesce(t.dates, 0) AS dates, coalesce(t.late, 0) AS late,
    CAST(coalesce(d.outcome = 'won', FALSE) AS INTEGER) AS won,
    CAST(coalesce(d.outcome = 'won' AND CAST(d.decided_at AS DATE) > last_day(CAST(d.decided_at AS DATE)) - CAST($days AS INTEGER), FALSE) AS INTEGER) AS won_late,
    count(*) AS deals
FROM deals AS d
LEFT JOIN told AS t ON t.deal = d.deal
GROUP BY ALL
ORDER BY ALL
