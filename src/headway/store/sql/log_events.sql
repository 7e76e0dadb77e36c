-- Every event of a workspace that counts, for the event log. Plain enough for SQLite, PostgreSQL and DuckDB alike.
-- In braces: where the tables are, the workspace, the last event, and for a past moment what was known by then.
SELECT
    d.key AS deal, e.kind, e.name, e.happened_at, e.recorded_at, e.recorded_how, a.text AS actor, c.text AS contact,
    e.grade, e.amount, e.due_on, e.ref, n.text AS note, e.id AS ordinal
FROM {src}store_event AS e
LEFT JOIN {src}store_deal AS d ON d.id = e.deal_id
LEFT JOIN {src}store_wording AS a ON a.id = e.actor_id
LEFT JOIN {src}store_wording AS c ON c.id = e.contact_id
LEFT JOIN {src}store_wording AS n ON n.id = e.note_id
LEFT JOIN (SELECT event_id FROM {src}store_voiding WHERE workspace_id = {workspace}{voided}) AS v ON v.event_id = e.id
LEFT JOIN (SELECT batch_id FROM {src}store_batchundone WHERE workspace_id = {workspace}{voided}) AS u
    ON u.batch_id = e.batch_id
LEFT JOIN (SELECT batch_id, deal_id FROM {src}store_batchkept WHERE workspace_id = {workspace}) AS k
    ON k.batch_id = e.batch_id AND k.deal_id = e.deal_id
WHERE e.workspace_id = {workspace} AND e.id <= {newest}{recorded}
    AND v.event_id IS NULL AND (u.batch_id IS NULL OR k.batch_id IS NOT NULL){page}
