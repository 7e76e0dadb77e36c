-- Only where the deal changes hands.
INSERT INTO source_events
SELECT deal, 'owner_set', who, moment, NULL, $how, NULL, NULL, NULL, NULL, NULL, NULL, NULL, $file, line,
    $first + place * $step + $step - 1
FROM (
    SELECT *, lag(who) OVER (PARTITION BY deal ORDER BY moment, place) AS who_before
    FROM (SELECT DISTINCT deal, who, moment, place, line FROM found_owners)
)
WHERE who IS DISTINCT FROM who_before
ORDER BY place
