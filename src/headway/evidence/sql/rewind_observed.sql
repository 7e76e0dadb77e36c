-- Spans of days on which a buyer was known to have acted. Of what was never retracted the first day is enough; of the
-- rest one span per first day, the longest.
CREATE OR REPLACE TABLE rewind_observed AS
SELECT deal, day, max(until) AS until
FROM (
    SELECT deal, min(day) AS day, max(until) AS until FROM rewind_acts WHERE until = $beyond GROUP BY deal
    UNION ALL
    SELECT deal, day, until FROM rewind_acts WHERE until < $beyond AND day < until
)
GROUP BY deal, day
