-- Every deal on which each step was asked: when it began, when it is due, and whether it was done by then.
SELECT
    t.item, t.deal, epoch_us(t.started_at) AS started_us, epoch_us(t.due_at) AS due_us,
    count(CASE WHEN a.happened_at <= t.due_at AND (s.after IS NULL OR a.happened_at >= t.started_at) THEN 1 END)
        >= s.times AS done
FROM step_starts AS t
JOIN steps AS s ON s.item = t.item
LEFT JOIN step_activities AS a ON a.item = t.item AND a.deal = t.deal
WHERE NOT t.excused
GROUP BY t.item, t.deal, t.started_at, t.due_at, s.times
ORDER BY t.item, t.deal
