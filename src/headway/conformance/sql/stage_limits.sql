-- The longest stay: the process's own limit, else the 90th percentile of stays on deals that were won.
CREATE OR REPLACE TABLE stage_limits AS
SELECT
    f.process, f.rank, count(v.deal) AS won_visits,
    quantile_cont(epoch_us(v.left_at) - epoch_us(v.happened_at), 0.9) AS won_p90_us,
    coalesce(
        any_value(f.limit_us),
        CASE WHEN count(v.deal) >= $least THEN quantile_cont(epoch_us(v.left_at) - epoch_us(v.happened_at), 0.9) END
    ) AS limit_us
FROM stage_facts AS f
LEFT JOIN (
    SELECT v.* FROM visits AS v JOIN deals AS d ON d.deal = v.deal AND d.outcome = 'won' WHERE v.left_at IS NOT NULL
) AS v ON v.process = f.process AND v.rank = f.rank
GROUP BY f.process, f.rank
