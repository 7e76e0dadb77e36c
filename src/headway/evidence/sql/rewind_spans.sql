-- Every open deal cut into spans of days on which nothing known of it changed; span is its number.
CREATE OR REPLACE TABLE rewind_spans AS
WITH cuts AS (
    SELECT deal, day FROM rewind_open UNION SELECT deal, until FROM rewind_open
    UNION SELECT deal, day FROM rewind_said
    UNION SELECT deal, day FROM rewind_pieces UNION SELECT deal, until FROM rewind_pieces
    UNION SELECT deal, day FROM rewind_observed UNION SELECT deal, until FROM rewind_observed
), cut AS (
    SELECT deal, day, lead(day, 1, $beyond) OVER (PARTITION BY deal ORDER BY day) AS until FROM cuts
)
SELECT
    CAST(row_number() OVER () AS INTEGER) AS span, c.deal, p.process, c.day, c.until, k.rank AS claimed, a.amount,
    EXISTS (FROM rewind_observed AS b WHERE b.deal = c.deal AND b.day <= c.day AND c.day < b.until) AS observed
FROM cut AS c
JOIN rewind_open AS o ON o.deal = c.deal AND o.day <= c.day AND c.day < o.until
LEFT JOIN deal_processes AS p ON p.deal = c.deal
LEFT JOIN rewind_said AS k ON k.deal = c.deal AND k.kind = 'stage_claimed' AND k.day <= c.day AND c.day < k.until
LEFT JOIN rewind_said AS a ON a.deal = c.deal AND a.kind = 'amount_set' AND a.day <= c.day AND c.day < a.until
