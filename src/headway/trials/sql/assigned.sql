-- Every assignment of a deal to an arm of a trial, and what became of the deal, in the order of assignment.
SELECT
    c.name, e.deal, e.happened_at AS assigned_at, d.decided_at, coalesce(CAST(d.outcome AS VARCHAR) = 'won', FALSE) AS won
FROM events AS e
JOIN codes AS c ON c.code = e.code
JOIN deals AS d ON d.deal = e.deal
WHERE e.kind = 'trial_assigned' AND c.name IS NOT NULL
ORDER BY e.happened_at, e.ordinal
