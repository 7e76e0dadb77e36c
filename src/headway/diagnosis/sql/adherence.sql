-- Expectations that fell due, and were kept, by item, team and week.
SELECT c.kind, c.item, c.process, d.team, CAST(date_trunc('week', c.due_at) AS DATE) AS week,
    CAST(count(*) AS INTEGER) AS due, CAST(count(*) FILTER (WHERE c.kept) AS INTEGER) AS kept
FROM checks AS c
JOIN deals AS d ON d.deal = c.deal
GROUP BY c.kind, c.item, c.process, d.team, week
ORDER BY ALL
