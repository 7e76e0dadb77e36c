-- The first departure of each deal by one rule, while it was open.
SELECT a.deal, epoch_us(min(a.happened_at)) AS first_us
FROM ({departures}) AS a
JOIN deal_processes AS p ON p.deal = a.deal
WHERE p.decided_at IS NULL OR a.happened_at < p.decided_at
GROUP BY a.deal
ORDER BY a.deal
