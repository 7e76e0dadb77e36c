-- What a workspace knows of its deals beside their events; deals that are gone have no events that count.
SELECT
    d.key AS deal, d.name, nullif(d.account, '') AS account, nullif(d.pipeline, '') AS pipeline,
    nullif(d.record_type, '') AS record_type, nullif(d.segment, '') AS segment, nullif(d.team, '') AS team,
    nullif(d.currency, '') AS currency
FROM {src}store_deal AS d
WHERE d.workspace_id = {workspace}{live}
ORDER BY d.id
