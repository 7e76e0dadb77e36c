-- The moment at which a stay became longer than its limit.
SELECT v.deal, v.happened_at + to_microseconds(CAST(l.limit_us AS BIGINT)) AS happened_at
FROM visits AS v
JOIN stage_limits AS l ON l.process = v.process AND l.rank = v.rank
JOIN frozen AS f ON f.deal = v.deal
WHERE coalesce(v.left_at, f.frozen_at) > v.happened_at + to_microseconds(CAST(l.limit_us AS BIGINT))
