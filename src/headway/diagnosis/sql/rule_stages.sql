SELECT f.rule, p.process, f.rank, count(DISTINCT f.deal) AS deals, coalesce(sum(f.amount), 0) AS amount
FROM (
    SELECT DISTINCT f.rule, f.deal, f.rank, m.amount FROM findings AS f JOIN money AS m ON m.deal = f.deal
    WHERE f.rank IS NOT NULL
) AS f
JOIN deal_processes AS p ON p.deal = f.deal
GROUP BY f.rule, p.process, f.rank
ORDER BY f.rule, p.process, f.rank
