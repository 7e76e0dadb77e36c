-- The events of an import as rows of the store's table, deal by deal in the order of the source.
SELECT
    CAST($workspace AS BIGINT) AS workspace_id, coalesce(m.id, k.id) AS deal_id,
    CAST(e.kind AS VARCHAR) AS kind,
    e.name, e.happened_at, coalesce(e.recorded_at, e.happened_at) AS recorded_at,
    CAST(e.recorded_how AS VARCHAR) AS recorded_how, a.id AS actor_id, c.id AS contact_id, n.id AS note_id,
    CAST(e.grade AS SMALLINT) AS grade, e.amount, e.due_on, e.ref, CAST($batch AS BIGINT) AS batch_id
FROM import_events AS e
LEFT JOIN made_deals AS m ON m.source_id = e.source_id
LEFT JOIN known_deals AS k ON k.key = e.deal
LEFT JOIN text_ids AS a ON a.word = e.actor
LEFT JOIN text_ids AS c ON c.word = e.contact
LEFT JOIN text_ids AS n ON n.word = e.note
ORDER BY deal_id, e.ordinal
