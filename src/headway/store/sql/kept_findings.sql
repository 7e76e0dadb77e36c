-- Rows of the store that say what the analysis says. Findings alike are told apart by their number. A row that went past
-- between two analyses is always written anew.
CREATE OR REPLACE TABLE kept_findings AS
WITH found AS (
    SELECT *, row_number() OVER (
        PARTITION BY key, rule, stage, happened_at, what, mend, allowed, mark, first_seen_at, state, team ORDER BY place
    ) AS again
    FROM settled_findings
), stored AS (
    SELECT *, row_number() OVER (
        PARTITION BY key, rule, stage, happened_at, what, mend, allowed, mark, first_seen_at, state, team ORDER BY id
    ) AS again
    FROM stored_findings WHERE state <> 'past' OR left_at IS NULL
)
SELECT s.id, f.place
FROM found AS f
JOIN stored AS s ON s.key = f.key AND s.rule = f.rule AND s.stage = f.stage AND s.what = f.what AND s.mend = f.mend
    AND s.allowed = f.allowed AND s.happened_at IS NOT DISTINCT FROM f.happened_at AND s.again = f.again
    AND s.mark = f.mark AND s.first_seen_at = f.first_seen_at AND s.state = f.state AND s.team = f.team
