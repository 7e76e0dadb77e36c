-- Every finding of every deal, as `examples` has the first few.
SELECT f.*, d.id, d.name, m.amount, p.process, d.outcome IS NULL AS open
FROM findings AS f
JOIN deals AS d ON d.deal = f.deal
JOIN money AS m ON m.deal = f.deal
JOIN deal_processes AS p ON p.deal = f.deal
ORDER BY f.deal, f.happened_at, f.rule, f.rank, f.other
