-- Which team each deal is in, as a small number; deals without one form a team of their own.
CREATE OR REPLACE TABLE deal_teams AS
SELECT d.deal, t.team, t.label
FROM deals AS d
JOIN (
    SELECT label, CAST(row_number() OVER (ORDER BY label) - 1 AS INTEGER) AS team
    FROM (SELECT DISTINCT coalesce(team, '') AS label FROM deals)
) AS t ON t.label = coalesce(d.team, '')
