-- Days per completed stay in a stage, over all deals and over those that were won.
SELECT
    f.process, f.rank, count(v.deal) AS visits,
    quantile_cont(v.days, 0.5) AS median, quantile_cont(v.days, 0.75) AS p75, quantile_cont(v.days, 0.9) AS p90,
    any_value(l.won_p90_us) / 86400000000.0 AS won_p90, coalesce(any_value(l.won_visits), 0) AS won_visits
FROM stage_facts AS f
JOIN stage_limits AS l ON l.process = f.process AND l.rank = f.rank
LEFT JOIN (
    SELECT process, rank, deal, (epoch_us(left_at) - epoch_us(happened_at)) / 86400000000.0 AS days
    FROM visits WHERE left_at IS NOT NULL
) AS v ON v.process = f.process AND v.rank = f.rank
GROUP BY f.process, f.rank
ORDER BY f.process, f.rank
