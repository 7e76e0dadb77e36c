SELECT v.deal, v.rank, v.happened_at, 0 AS measure, v.from_rank - v.rank AS count, v.from_rank AS other, v.ordinal
FROM visits AS v
JOIN order_pairs AS o ON o.process = v.process AND o.low = v.rank AND o.high = v.from_rank
WHERE v.rank < v.from_rank
