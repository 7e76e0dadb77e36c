-- Findings of the store that the analysis does not find any more. Findings alike are told apart by their number.
WITH found AS (
    SELECT *, row_number() OVER (PARTITION BY key, rule, stage, happened_at, what, mend, allowed) AS again
    FROM found_findings
), stored AS (
    SELECT *, row_number() OVER (PARTITION BY key, rule, stage, happened_at, what, mend, allowed) AS again
    FROM stored_findings
)
SELECT s.id
FROM stored AS s
ANTI JOIN found AS f ON s.key = f.key AND s.rule = f.rule AND s.stage = f.stage AND s.what = f.what AND s.mend = f.mend
    AND s.allowed = f.allowed AND s.happened_at IS NOT DISTINCT FROM f.happened_at AND s.again = f.again
ORDER BY s.id
