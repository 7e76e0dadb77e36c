SELECT p.process, p.path, p.length, min(p.deal) AS example, count(*) AS deals,
    count(*) FILTER (WHERE d.outcome = 'won') AS won, count(*) FILTER (WHERE d.outcome = 'lost') AS lost,
    count(*) FILTER (WHERE d.outcome = 'no_decision') AS no_decision,
    count(*) FILTER (WHERE d.outcome = 'withdrawn') AS withdrawn,
    count(*) FILTER (WHERE d.outcome IS NULL) AS open, coalesce(sum(m.amount), 0) AS amount
FROM paths AS p
JOIN deals AS d ON d.deal = p.deal
JOIN money AS m ON m.deal = p.deal
GROUP BY p.process, p.path, p.length
ORDER BY deals DESC, amount DESC, example
LIMIT $most
