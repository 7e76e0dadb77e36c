-- What is open, by rule and by age, over all deals (team NULL) and of each team: findings, deals, and each deal's money once.
WITH open_ones AS (
    SELECT
        key, nullif(team, '') AS team, rule, amount,
        len(list_filter($edges, edge -> date_diff('day', first_seen_at, CAST($as_of AS TIMESTAMP)) >= edge)) AS band
    FROM settled_findings WHERE state = 'open'
), by_rule AS (
    SELECT team, rule, key, count(*) AS findings, max(amount) AS amount FROM open_ones GROUP BY team, rule, key
), by_age AS (
    SELECT team, band, key, count(*) AS findings, max(amount) AS amount FROM open_ones GROUP BY team, band, key
)
SELECT 'rule' AS what, team, rule AS name, sum(findings) AS findings, count(*) AS deals, sum(coalesce(amount, 0)) AS amount
FROM by_rule GROUP BY GROUPING SETS ((rule), (team, rule)) HAVING grouping(team) = 1 OR team IS NOT NULL
UNION ALL
SELECT 'age', team, CAST(band AS VARCHAR), sum(findings), count(*), sum(coalesce(amount, 0))
FROM by_age GROUP BY GROUPING SETS ((band), (team, band)) HAVING grouping(team) = 1 OR team IS NOT NULL
ORDER BY 1, 2, 3
