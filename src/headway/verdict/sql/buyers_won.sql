-- Won deals of each process, and the milestones on them of which all evidence was recorded after the decision.
SELECT process, count(DISTINCT deal) AS won, count(milestone) - count(first_at) AS recorded_after
FROM buyers_firsts
GROUP BY process
ORDER BY process
