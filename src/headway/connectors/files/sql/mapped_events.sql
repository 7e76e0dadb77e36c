-- Every row that a rule names, once per rule. The place in the file settles the order of simultaneous events.
INSERT INTO source_events
SELECT
    e.deal, r.kind, CASE WHEN r.kind = 'owner_set' THEN e.who ELSE r.name END, e."when", e.recorded,
    CASE WHEN e.recorded IS NULL THEN $how ELSE 'history' END,
    CASE WHEN e.automatic OR r.of_buyer THEN NULL ELSE e.who END, CASE WHEN r.of_buyer THEN e.contact END,
    r.grade, NULL, NULL, NULL, coalesce(e.note, r.reason), $file, e.line,
    $first + e.place * $step + r.nth
FROM event_rows AS e
JOIN event_rules AS r ON r.what = e.what AND r.lifecycle = coalesce(e.lifecycle, '') AND r.automatic = e.automatic
WHERE r.occurrence = 'every' AND e.deal IS NOT NULL AND e."when" IS NOT NULL
    AND (r.kind <> 'owner_set' OR e.who IS NOT NULL)
