-- Per figure: how often what fell due was kept, on how many deals, and the newest deals on either side. A deal stands on
-- the side of those that left something out if it ever did so there.
WITH due AS (
    SELECT c.deal, c.kept, c.due_at, c.item, c.process, CAST(c.due_at AS DATE) AS due_on, t.number AS team
    FROM checks AS c
    JOIN deals AS d ON d.deal = c.deal
    LEFT JOIN team_numbers AS t ON t.team = d.team
), facts AS (
    SELECT 'all' AS name, deal, kept, due_at FROM due
    UNION ALL SELECT 'item:' || item, deal, kept, due_at FROM due
    UNION ALL SELECT 'version:' || process, deal, kept, due_at FROM due
    UNION ALL SELECT 'team:' || team, deal, kept, due_at FROM due WHERE team IS NOT NULL
    UNION ALL
    SELECT 'week:' || strftime(date_trunc('week', due_on), '%Y-%m-%d'), deal, kept, due_at FROM due WHERE due_on >= $since
    UNION ALL
    SELECT CASE WHEN date_diff('day', due_on, last_day(due_on)) < $last THEN 'month:in' ELSE 'month:out' END,
        deal, kept, due_at FROM due
    UNION ALL
    SELECT
        CASE WHEN date_diff('day', due_on, date_trunc('quarter', due_on) + INTERVAL 3 MONTH) <= $last THEN 'quarter:in'
            ELSE 'quarter:out' END,
        deal, kept, due_at
    FROM due
), per_deal AS (
    SELECT name, deal, count(*) AS due, count(CASE WHEN kept THEN 1 END) AS kept, max(due_at) AS due_at
    FROM facts
    GROUP BY name, deal
)
SELECT
    p.name, CAST(sum(p.due) AS BIGINT) AS due, CAST(sum(p.kept) AS BIGINT) AS kept,
    count(CASE WHEN p.kept < p.due THEN 1 END) AS deals_left_out, count(CASE WHEN p.kept = p.due THEN 1 END) AS deals_kept,
    arg_max(d.id, {'at': p.due_at, 'deal': -p.deal}, 200) FILTER (WHERE p.kept < p.due) AS left_out,
    arg_max(d.id, {'at': p.due_at, 'deal': -p.deal}, 200) FILTER (WHERE p.kept = p.due) AS kept_ids
FROM per_deal AS p
JOIN deals AS d ON d.deal = p.deal
GROUP BY p.name
ORDER BY p.name
