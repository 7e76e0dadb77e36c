-- Each span with what it takes from the deal: claimed and evidenced rank, the amount in the main currency.
SELECT
    r.deal, r.day, r.until, coalesce(r.claimed, -1) AS claimed, coalesce(r.evidenced, -1) AS level,
    CAST(r.amount AS DOUBLE) * m.rate AS amount
FROM rewind_ranks AS r
JOIN money AS m ON m.deal = r.deal
WHERE r.process IS NOT NULL
ORDER BY r.deal, r.day
