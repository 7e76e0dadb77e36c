-- Teams of deals of which something fell due, and how many owners each has.
SELECT d.team, count(DISTINCT d.owner) AS owners
FROM deals AS d
WHERE d.team IS NOT NULL AND d.team <> '' AND d.deal IN (SELECT deal FROM checks)
GROUP BY d.team
ORDER BY d.team
