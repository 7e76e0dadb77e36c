-- The teams that deals belong to, by name: one seek of the index of teams for each, however many deals a team has.
WITH RECURSIVE named(team) AS (
    SELECT min(team) FROM store_deal WHERE workspace_id = %s AND is_live AND team > ''
    UNION ALL
    SELECT (SELECT min(team) FROM store_deal WHERE workspace_id = %s AND is_live AND team > named.team)
    FROM named WHERE named.team IS NOT NULL
)
SELECT team FROM named WHERE team IS NOT NULL LIMIT %s
