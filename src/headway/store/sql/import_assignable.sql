-- New deals of an import that a trial may take in: created since one began, open, and in no trial by the files.
SELECT
    m.id, min(e.happened_at) FILTER (e.kind = 'deal_created') AS created_at,
    arg_max(e.name, e.ordinal) FILTER (e.kind = 'owner_set' AND e.name IS NOT NULL) AS owner
FROM import_events AS e
JOIN made_deals AS m ON m.source_id = e.source_id
GROUP BY m.id
HAVING
    min(e.happened_at) FILTER (e.kind = 'deal_created') > $since
    AND count(*) FILTER (e.kind = 'deal_decided' OR e.kind = 'trial_assigned') = 0
ORDER BY created_at, m.id
