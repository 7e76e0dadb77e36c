-- Rules that tell the first event of a deal and name from the later ones.
INSERT INTO source_events
SELECT
    deal, kind, CASE WHEN kind = 'owner_set' THEN who ELSE name END, "when", recorded,
    CASE WHEN recorded IS NULL THEN $how ELSE 'history' END,
    CASE WHEN automatic OR of_buyer THEN NULL ELSE who END, CASE WHEN of_buyer THEN contact END,
    grade, NULL, NULL, NULL, coalesce(note, reason), $file, line,
    $first + place * $step + nth
FROM (
    SELECT
        e.deal, e."when", e.recorded, e.who, e.contact, e.note, e.line, e.place, e.automatic,
        r.kind, r.name, r.nth, r.grade, r.of_buyer, r.reason, r.occurrence,
        row_number() OVER (PARTITION BY e.deal, e.what, e.lifecycle, r.nth ORDER BY e."when", e.place) = 1 AS is_first
    FROM event_rows AS e
    JOIN event_rules AS r ON r.what = e.what AND r.lifecycle = coalesce(e.lifecycle, '') AND r.automatic = e.automatic
    WHERE r.occurrence <> 'every' AND e.deal IS NOT NULL AND e."when" IS NOT NULL
)
WHERE (occurrence = 'first') = is_first AND (kind <> 'owner_set' OR who IS NOT NULL)
