-- The longest overstay of each deal in each stage. measure: days stayed; count: the limit in days.
SELECT
    v.deal, v.rank, max(v.happened_at) AS happened_at,
    max(epoch_us(coalesce(v.left_at, f.frozen_at)) - epoch_us(v.happened_at)) / 86400000000.0 AS measure,
    CAST(ceil(max(l.limit_us) / 86400000000.0) AS INTEGER) AS count, NULL AS other, max(v.ordinal) AS ordinal
FROM visits AS v
JOIN stage_limits AS l ON l.process = v.process AND l.rank = v.rank
JOIN frozen AS f ON f.deal = v.deal
WHERE epoch_us(coalesce(v.left_at, f.frozen_at)) - epoch_us(v.happened_at) > l.limit_us
GROUP BY v.deal, v.rank
