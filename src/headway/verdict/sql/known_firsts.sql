-- When each required milestone of each observed deal was first proven, by evidence that stands and was not recorded
-- only after the decision; NULL where it was not.
CREATE OR REPLACE TABLE known_firsts AS
SELECT
    q.deal, q.milestone, q.rank,
    min(CASE WHEN e.grade >= q.grade AND NOT e.disputed
                 AND (d.decided_at IS NULL OR e.recorded_how <> 'history'
                      OR coalesce(e.recorded_at, e.happened_at) <= d.decided_at)
             THEN e.happened_at END) AS first_at
FROM required AS q
JOIN deals AS d ON d.deal = q.deal
LEFT JOIN standing_evidence AS e ON e.deal = q.deal AND e.milestone = q.milestone
GROUP BY q.deal, q.milestone, q.rank
