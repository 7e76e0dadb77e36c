SELECT p.deal, p.rank, p.passed_at AS happened_at, 0 AS measure, 1 AS count, p.to_rank AS other, p.ordinal
FROM passings AS p
WHERE NOT p.entered AND NOT p.proven AND NOT (p.from_rank > 0 AND p.to_rank - p.from_rank >= 3)
