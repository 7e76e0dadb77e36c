-- Every review that was due, for each team it concerns: the teams whose deals reviews of that name look at; where
-- they look at too few, the team that the name names; else all.
CREATE OR REPLACE TABLE meetings AS
WITH said AS (
    SELECT coalesce(name, '') AS name, happened_at, bool_or(kind = 'review_held') AS held
    FROM source_events
    WHERE kind IN ('review_held', 'review_missed')
        AND happened_at <= $at AND coalesce(recorded_at, happened_at) <= $known_by
    GROUP BY coalesce(name, ''), happened_at
), names AS (
    SELECT DISTINCT name FROM said
), teams AS (
    SELECT DISTINCT team, label FROM deal_teams
), looked AS (
    SELECT c.name, t.team, count(*) AS deals
    FROM events AS e
    JOIN codes AS c ON c.code = e.code
    JOIN deal_teams AS t ON t.deal = e.deal
    WHERE e.kind = 'deal_inspected' AND c.name IS NOT NULL
    GROUP BY c.name, t.team
), seen AS (
    SELECT name, sum(deals) AS deals FROM looked GROUP BY name HAVING sum(deals) >= 20
), concerned AS (
    SELECT l.name, l.team FROM looked AS l JOIN seen AS s ON s.name = l.name WHERE l.deals >= 0.1 * s.deals
), named AS (
    SELECT n.name, t.team
    FROM names AS n
    JOIN teams AS t ON t.label <> '' AND contains(' ' || lower(n.name) || ' ', ' ' || lower(t.label) || ' ')
    WHERE n.name NOT IN (SELECT name FROM concerned)
), settled AS (
    SELECT * FROM concerned UNION ALL SELECT * FROM named
), everywhere AS (
    SELECT n.name, t.team FROM names AS n CROSS JOIN teams AS t WHERE n.name NOT IN (SELECT name FROM settled)
)
SELECT s.name, o.team, s.happened_at, s.held
FROM said AS s
JOIN (SELECT * FROM settled UNION ALL SELECT * FROM everywhere) AS o ON o.name = s.name
