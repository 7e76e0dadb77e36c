-- One row per deal as of the log's as_of. Values that only the export's last day knows (snapshots) are
-- events too, so they are absent before that day by themselves.
CREATE TABLE deals AS
WITH last_of AS (
    SELECT r.deal, r.kind, e.happened_at, s.name, s.amount, s.due_on, s.note, s.actor
    FROM runs AS r
    JOIN events AS e ON e.turn = r.last_turn
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE r.kind IN ('stage_claimed', 'amount_set', 'close_date_set', 'owner_set', 'deal_decided', 'deal_reopened')
), spans AS (
    SELECT
        deal, sum(events) AS events, min(first_at) AS first_at, max(last_at) AS last_at,
        min(CASE WHEN kind = 'deal_created' THEN first_at END) AS made_at,
        min(CASE WHEN kind <> 'owner_set' AND kind <> 'amount_set' AND kind <> 'close_date_set'
                 THEN first_at END) AS acted_at
    FROM runs
    GROUP BY deal
), about AS (
    SELECT
        deal AS id, any_value(name) AS name, any_value(account) AS account, any_value(pipeline) AS pipeline,
        any_value(record_type) AS record_type, any_value(segment) AS segment, any_value(team) AS team,
        any_value(currency) AS currency, min(file) AS file, min(line) AS line
    FROM source_deals
    GROUP BY deal
)
SELECT
    i.deal, i.id, coalesce(a.name, i.id) AS name, a.account, a.pipeline, a.record_type, a.segment, a.team,
    a.currency, a.file, a.line, CAST(p.events AS INTEGER) AS events,
    coalesce(p.made_at, p.acted_at, p.first_at) AS created_at, p.last_at,
    own.name AS owner, amt.amount, cls.due_on AS close_on,
    stg.name AS claimed, stg.happened_at AS claimed_at,
    CASE WHEN re.happened_at IS NULL OR dec.happened_at >= re.happened_at
         THEN CAST(dec.name AS outcome) END AS outcome,
    CASE WHEN re.happened_at IS NULL OR dec.happened_at >= re.happened_at
         THEN dec.happened_at END AS decided_at,
    dec.note AS reason
FROM deal_ids AS i
JOIN spans AS p ON p.deal = i.deal
LEFT JOIN about AS a ON a.id = i.id
LEFT JOIN last_of AS stg ON stg.deal = i.deal AND stg.kind = 'stage_claimed'
LEFT JOIN last_of AS amt ON amt.deal = i.deal AND amt.kind = 'amount_set'
LEFT JOIN last_of AS cls ON cls.deal = i.deal AND cls.kind = 'close_date_set'
LEFT JOIN last_of AS own ON own.deal = i.deal AND own.kind = 'owner_set'
LEFT JOIN last_of AS dec ON dec.deal = i.deal AND dec.kind = 'deal_decided'
LEFT JOIN last_of AS re ON re.deal = i.deal AND re.kind = 'deal_reopened'
ORDER BY i.deal
