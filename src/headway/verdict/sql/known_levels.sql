-- When each stage became real for each deal, as in evidence/sql/stage_proofs.sql but from known_firsts.
CREATE OR REPLACE TABLE known_levels AS
WITH stages AS (
    SELECT DISTINCT process, rank FROM milestones
)
SELECT f.deal, s.rank, max(f.first_at) AS real_at
FROM known_firsts AS f
JOIN deal_processes AS p ON p.deal = f.deal
JOIN stages AS s ON s.process = p.process AND f.rank <= s.rank
GROUP BY f.deal, s.rank
HAVING count(f.first_at) = count(*)
