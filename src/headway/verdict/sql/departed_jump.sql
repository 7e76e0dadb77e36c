-- Moves over two or more stages that were not proven then; proven later does not count: it is what is to be compared.
SELECT l.deal, l.happened_at
FROM leaps AS l
JOIN order_pairs AS o ON o.process = l.process AND o.low = l.from_rank AND o.high = l.to_rank
LEFT JOIN known_levels AS t ON t.deal = l.deal AND t.rank = l.to_rank - 1 AND t.real_at <= l.happened_at
WHERE l.from_rank > 0 AND l.stages >= 2 AND t.deal IS NULL
