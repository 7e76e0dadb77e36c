-- How long deals took from creation to their decision: the days by which nineteen in twenty were decided.
SELECT
    count(*) AS deals,
    quantile_cont((epoch_us(decided_at) - epoch_us(created_at)) / 86400000000.0, 0.95) AS days
FROM deals
WHERE decided_at > created_at
