-- When the buyer of each won deal first reached each milestone (first_at), by evidence that stands and had been
-- recorded by the decision; NULL where all of it was recorded later. Deals alike in name, account, creation, decision
-- and amount are one deal exported twice.
CREATE OR REPLACE TABLE buyers_firsts AS
WITH won AS (
    SELECT min(d.deal) AS deal, p.process, d.decided_at
    FROM deals AS d
    JOIN deal_processes AS p ON p.deal = d.deal
    WHERE d.outcome = 'won'
    GROUP BY p.process, d.decided_at, d.created_at, d.name, d.account, d.amount
)
SELECT
    w.deal, w.process, e.milestone,
    min(CASE WHEN coalesce(e.recorded_at, e.happened_at) <= w.decided_at THEN e.happened_at END) AS first_at
FROM won AS w
LEFT JOIN (
    SELECT s.deal, s.milestone, s.happened_at, s.recorded_at
    FROM standing_evidence AS s
    JOIN milestones AS m ON m.milestone = s.milestone
    WHERE s.grade >= m.grade AND NOT s.disputed
) AS e ON e.deal = w.deal
GROUP BY w.deal, w.process, e.milestone
