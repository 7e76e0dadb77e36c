-- Claimed stages that the process of their deal does not know, with deals.
SELECT c.name, count(DISTINCT e.deal) AS deals
FROM events AS e
JOIN codes AS c ON c.code = e.code
JOIN deal_processes AS p ON p.deal = e.deal
LEFT JOIN places AS l ON l.process = p.process AND l.code = e.code
WHERE e.kind = 'stage_claimed' AND l.code IS NULL AND c.name IS NOT NULL
GROUP BY c.name
ORDER BY deals DESC, c.name
LIMIT 50
