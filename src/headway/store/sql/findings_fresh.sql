-- Findings that the store does not have yet, of deals that it has. Findings alike are told apart by their number.
WITH found AS (
    SELECT *, row_number() OVER (PARTITION BY key, rule, stage, happened_at, what, mend, allowed) AS again
    FROM found_findings
), stored AS (
    SELECT *, row_number() OVER (PARTITION BY key, rule, stage, happened_at, what, mend, allowed) AS again
    FROM stored_findings
)
SELECT d.id AS deal_id, f.rule, f.stage, f.happened_at, f.what, f.mend, f.allowed
FROM found AS f
JOIN stored_rows AS d ON d.key = f.key
ANTI JOIN stored AS s ON s.key = f.key AND s.rule = f.rule AND s.stage = f.stage AND s.what = f.what AND s.mend = f.mend
    AND s.allowed = f.allowed AND s.happened_at IS NOT DISTINCT FROM f.happened_at AND s.again = f.again
ORDER BY d.id, f.happened_at, f.rule
