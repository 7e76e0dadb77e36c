-- When each stage became real for each observed deal: the last of the first proofs of all it and the stages
-- before it require, by evidence that still stands. Stages that are not real have no row.
CREATE OR REPLACE TABLE stage_proofs AS
WITH firsts AS (
    SELECT q.deal, q.milestone, q.rank, min(CASE WHEN e.grade >= q.grade AND NOT e.disputed THEN e.happened_at END) AS first_at
    FROM required AS q
    LEFT JOIN standing_evidence AS e ON e.deal = q.deal AND e.milestone = q.milestone
    GROUP BY q.deal, q.milestone, q.rank
), stages AS (
    SELECT DISTINCT process, rank FROM milestones
)
SELECT f.deal, s.rank, max(f.first_at) AS real_at
FROM firsts AS f
JOIN deal_processes AS p ON p.deal = f.deal
JOIN stages AS s ON s.process = p.process AND f.rank <= s.rank
GROUP BY f.deal, s.rank
HAVING count(f.first_at) = count(*)
