-- The first of the asked days by whose end something recorded on a calendar day is known. What was known before the
-- first asked day is known on the first; what became known after the last is not asked about and has no row.
CREATE OR REPLACE TABLE rewind_calendar AS
SELECT c.known_on, min(d.day) AS day
FROM (SELECT CAST(unnest(generate_series($first, $last, INTERVAL 1 DAY)) AS DATE) AS known_on) AS c
JOIN rewind_days AS d ON d.fell_on >= c.known_on
GROUP BY c.known_on
