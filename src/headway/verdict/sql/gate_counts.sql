-- Deals (exported twice: once) of processes that have what the gate speaks of, and all others.
SELECT count(CASE WHEN g.process IS NOT NULL THEN 1 END) AS fitting, count(CASE WHEN g.process IS NULL THEN 1 END) AS other
FROM (SELECT min(deal) AS deal FROM deals GROUP BY name, account, created_at, decided_at, amount) AS d
LEFT JOIN deal_processes AS p ON p.deal = d.deal
LEFT JOIN gate_stages AS g ON g.process = p.process
