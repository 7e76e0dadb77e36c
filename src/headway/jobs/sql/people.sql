-- Everybody at the buyer whom the history of an open deal names, and what they did last.
SELECT n.deal, n.contact, l.happened_at, l.name
FROM (
    SELECT DISTINCT e.deal, s.contact
    FROM events AS e
    JOIN deals AS d ON d.deal = e.deal AND d.decided_at IS NULL
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE s.contact <> ''
) AS n
LEFT JOIN (
    SELECT
        deal, contact, max(happened_at) AS happened_at, arg_max(name, {'at': happened_at, 'ordinal': ordinal}) AS name
    FROM (SELECT deal, contact, happened_at, ordinal, coalesce(name, '') AS name FROM told WHERE contact <> '')
    GROUP BY deal, contact
) AS l ON l.deal = n.deal AND l.contact = n.contact
ORDER BY n.deal, n.contact
