-- What a dashboard compares: finished deals that came to the step's stage (or on which it was asked), on which it was
-- ever done against never, whenever.
WITH come AS (
    SELECT DISTINCT s.item, v.deal FROM steps AS s JOIN visits AS v ON v.process = s.process AND v.rank = s.rank
    UNION
    SELECT item, deal FROM step_starts
), ever AS (
    SELECT s.item, a.deal FROM steps AS s JOIN step_activities AS a ON a.item = s.item
    GROUP BY s.item, a.deal, s.times HAVING count(*) >= s.times
)
SELECT
    c.item, e.deal IS NOT NULL AS done, count(*) AS deals, count(CASE WHEN d.outcome = 'won' THEN 1 END) AS won
FROM come AS c
JOIN deals AS d ON d.deal = c.deal AND d.decided_at IS NOT NULL
LEFT JOIN ever AS e ON e.item = c.item AND e.deal = c.deal
GROUP BY c.item, e.deal IS NOT NULL
ORDER BY ALL
