-- count: the expected stages between the two, of which at least two are needed for a jump.
SELECT
    g.deal, g.from_rank AS rank, g.happened_at, 0 AS measure, CAST(count(*) AS INTEGER) AS count,
    g.to_rank AS other, g.ordinal
FROM passages AS g
JOIN order_pairs AS o ON o.process = g.process AND o.low = g.from_rank AND o.high = g.to_rank
JOIN expected_stages AS s ON s.process = g.process AND s.rank > g.from_rank AND s.rank < g.to_rank
LEFT JOIN stage_proofs AS t ON t.deal = g.deal AND t.rank = g.to_rank - 1
WHERE g.from_rank > 0 AND t.deal IS NULL
GROUP BY g.deal, g.from_rank, g.to_rank, g.happened_at, g.ordinal, g.turn
HAVING count(*) >= 2
