-- How many owners each team has.
SELECT t.team, count(DISTINCT d.owner) AS owners
FROM deal_teams AS t JOIN deals AS d ON d.deal = t.deal
GROUP BY t.team
