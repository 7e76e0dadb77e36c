-- What is known of each of some deals: whose it is, the expected close date, and who at the buyer is named on it, the
-- one who was named last first.
SELECT d.deal, d.id, d.owner, d.close_on, c.contacts
FROM deals AS d
LEFT JOIN (
    SELECT deal, list(contact ORDER BY last_at DESC, contact) AS contacts
    FROM (
        SELECT e.deal, s.contact, max(e.happened_at) AS last_at
        FROM events AS e JOIN source_events AS s ON s.ordinal = e.ordinal
        WHERE s.contact IS NOT NULL AND s.contact <> '' AND e.deal IN (SELECT unnest($deals))
        GROUP BY e.deal, s.contact
    )
    GROUP BY deal
) AS c ON c.deal = d.deal
WHERE d.deal IN (SELECT unnest($deals))
ORDER BY d.deal
