-- Every deal on which each step was asked: when it began, when it is due, and whether it was done by then.
WITH counted AS (
    SELECT t.item, t.deal, count(*) AS times
    FROM step_starts AS t
    JOIN steps AS s ON s.item = t.item
    JOIN step_activities AS a ON a.item = t.item AND a.deal = t.deal
    WHERE a.happened_at <= t.due_at AND (s.after IS NULL OR a.happened_at >= t.started_at)
    GROUP BY t.item, t.deal
)
SELECT
    t.item, t.deal, epoch_us(t.started_at) AS started_us, epoch_us(t.due_at) AS due_us,
    coalesce(c.times, 0) >= s.times AS done
FROM step_starts AS t
JOIN steps AS s ON s.item = t.item
LEFT JOIN counted AS c ON c.item = t.item AND c.deal = t.deal
WHERE NOT t.excused
ORDER BY t.item, t.deal
