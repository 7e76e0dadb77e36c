-- Moves past a stage that was neither entered nor proven then; entered or proven later does not count.
SELECT l.deal, l.happened_at
FROM leaps AS l
JOIN order_pairs AS o ON o.process = l.process AND o.low = l.rank AND o.high = l.to_rank
LEFT JOIN visits AS v ON v.deal = l.deal AND v.rank = l.rank AND v.happened_at <= l.happened_at
LEFT JOIN known_levels AS t ON t.deal = l.deal AND t.rank = l.rank AND t.real_at <= l.happened_at
WHERE (l.from_rank = 0 OR l.stages < 2) AND v.deal IS NULL AND t.deal IS NULL
