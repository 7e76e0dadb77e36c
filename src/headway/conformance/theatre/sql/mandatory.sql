-- Per criterion and week: deals that went beyond the stage that requires it, whether it had been recorded within a
-- day of it, and whether they were won. asked: whether the deal's version of the process requires it.
WITH passed AS (
    SELECT c.criterion, v.deal, any_value(c.asked) AS asked, min(v.happened_at) AS passed_at
    FROM criteria AS c
    JOIN visits AS v ON v.process = c.process AND v.rank > c.rank
    JOIN deals AS d ON d.deal = v.deal
    WHERE c.amount_from IS NULL OR d.amount >= c.amount_from
    GROUP BY c.criterion, v.deal
), noted AS (
    SELECT c.criterion, e.deal, min(coalesce(e.recorded_at, e.happened_at)) AS noted_at
    FROM (SELECT DISTINCT criterion, id FROM criteria) AS c
    JOIN codes AS k ON k.kind = 'evidence_recorded' AND k.name = c.id
    JOIN events AS e ON e.kind = 'evidence_recorded' AND e.code = k.code
    GROUP BY c.criterion, e.deal
)
SELECT
    p.criterion, p.asked, epoch_us(p.passed_at) // 604800000000 AS week,
    coalesce(n.noted_at <= p.passed_at + INTERVAL 1 DAY, FALSE) AS filled,
    d.outcome IS NOT NULL AS decided, coalesce(d.outcome = 'won', FALSE) AS won, count(*) AS deals
FROM passed AS p
JOIN deals AS d ON d.deal = p.deal
LEFT JOIN noted AS n ON n.criterion = p.criterion AND n.deal = p.deal
GROUP BY ALL
ORDER BY ALL
