-- The events of the deals that are named somewhere, in order of time, at most $most per deal: the latest.
SELECT * FROM (
    SELECT
        d.id, s.kind, s.name, s.happened_at, coalesce(s.contact, s.actor) AS who, s.amount, s.due_on, s.file, s.line,
        row_number() OVER (PARTITION BY e.deal ORDER BY e.happened_at DESC, e.ordinal DESC) AS place,
        count(*) OVER (PARTITION BY e.deal) AS events, e.ordinal
    FROM deals AS d
    JOIN events AS e ON e.deal = d.deal
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE list_contains($deals, d.id)
)
WHERE place <= $most
ORDER BY id, happened_at, ordinal
