-- Each finding of the analysis with since when it is open, and what it is: past (nothing is left to mend), allowed, ended
-- by people, or open. What was done again after people ended it is open again: another repetition, with an age of its own.
CREATE OR REPLACE TABLE settled_findings AS
WITH known AS (
    SELECT key, mark, min(first_seen_at) AS first_seen_at, bool_or(state <> 'past' OR left_at IS NOT NULL) AS stood
    FROM stored_findings WHERE mark IS NOT NULL GROUP BY key, mark
), judged AS (
    SELECT
        f.*, d.id AS deal_id, d.team, k.first_seen_at AS known_at, coalesce(k.stood, FALSE) AS stood, c.at AS ended_at,
        coalesce(c.at < f.acted_at, FALSE) AS done_again
    FROM found_findings AS f
    JOIN stored_rows AS d ON d.key = f.key
    LEFT JOIN known AS k ON k.key = f.key AND k.mark = f.mark
    LEFT JOIN stored_corrections AS c ON c.key = f.key AND c.mark = f.mark
)
SELECT
    row_number() OVER () AS place, deal_id, key, rule, stage, happened_at, what, mend, allowed, mark, team, amount,
    CASE
        WHEN known_at IS NULL AND NOT $looked_before THEN least($as_of, coalesce(since, $as_of))
        WHEN known_at IS NULL OR (stands AND NOT stood) THEN $as_of
        WHEN done_again AND known_at <= ended_at THEN acted_at
        ELSE known_at
    END AS first_seen_at,
    CASE
        WHEN NOT stands THEN 'past' WHEN allowed THEN 'allowed' WHEN ended_at IS NULL OR done_again THEN 'open' ELSE 'ended'
    END AS state
FROM judged
