-- Only where the deal changes hands.
INSERT INTO source_events
SELECT deal, 'owner_set', who, "when", NULL, $how, NULL, NULL, NULL, NULL, NULL, NULL, NULL, $file, line,
    $first + place * $step + $step - 1
FROM (
    SELECT e.*, lag(who) OVER (PARTITION BY deal ORDER BY "when", place) AS who_before
    FROM event_rows AS e
    SEMI JOIN (
        SELECT CAST((moment_and_place % $places + $places) % $places AS BIGINT) AS place
        FROM found_owners WHERE moment_and_place IS NOT NULL
    ) AS f ON f.place = e.place
)
WHERE who IS DISTINCT FROM who_before
