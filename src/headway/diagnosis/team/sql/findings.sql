-- Every finding on an open deal that nobody allowed: whose deal, of which rule, for how many days it has stood.
SELECT f.rule, d.id AS deal, d.owner,
    greatest(epoch_us(CAST($at AS TIMESTAMP)) - epoch_us(f.happened_at), 0) / 86400000000.0 AS days
FROM findings AS f
JOIN deals AS d ON d.deal = f.deal
WHERE d.outcome IS NULL AND NOT f.allowed AND f.happened_at IS NOT NULL
ORDER BY days DESC, f.deal, f.rule
