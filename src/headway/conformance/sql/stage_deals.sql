-- The stages that the deals of each pipeline claim, and how many do.
SELECT d.pipeline, c.name, count(DISTINCT e.deal) AS deals
FROM events AS e
JOIN deals AS d ON d.deal = e.deal
JOIN codes AS c ON c.code = e.code
WHERE e.kind = 'stage_claimed' AND c.name IS NOT NULL
GROUP BY d.pipeline, c.name
ORDER BY ALL
