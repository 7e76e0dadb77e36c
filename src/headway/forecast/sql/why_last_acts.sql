-- What the buyer of each of some deals was last known to do: an act, or evidence beyond the seller's word that stands.
-- Where both were recorded of one moment, the evidence.
SELECT
    e.deal, p.process, max_by(e.kind = 'evidence_recorded', (e.happened_at, e.kind = 'evidence_recorded', e.ordinal)) AS evidence,
    max_by(s.name, (e.happened_at, e.kind = 'evidence_recorded', e.ordinal)) AS name,
    max_by(coalesce(s.contact, ''), (e.happened_at, e.kind = 'evidence_recorded', e.ordinal)) AS contact
FROM events AS e
JOIN deal_processes AS p ON p.deal = e.deal
JOIN source_events AS s ON s.ordinal = e.ordinal
LEFT JOIN retracted AS r ON r.ordinal = e.ordinal
WHERE e.deal IN (SELECT unnest($deals)) AND r.ordinal IS NULL
    AND (e.kind = 'buyer_acted' OR (e.kind = 'evidence_recorded' AND s.grade > 0))
GROUP BY e.deal, p.process
