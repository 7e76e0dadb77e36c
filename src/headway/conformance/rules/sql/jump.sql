SELECT
    g.deal, g.from_rank AS rank, g.happened_at, 0 AS measure, g.to_rank - g.from_rank - 1 AS count,
    g.to_rank AS other, g.ordinal
FROM passages AS g
JOIN order_pairs AS o ON o.process = g.process AND o.low = g.from_rank AND o.high = g.to_rank
LEFT JOIN stage_proofs AS t ON t.deal = g.deal AND t.rank = g.to_rank - 1
WHERE g.from_rank > 0 AND g.to_rank - g.from_rank >= 3 AND t.deal IS NULL
