-- Every deal that reached the gate, with what was known of it then, and what became of it. decided_then: it had been
-- decided, and not opened again. Deals alike in name, account, creation, decision and amount are one exported twice.
CREATE OR REPLACE TABLE gate_subjects AS
WITH single AS (
    SELECT min(deal) AS deal FROM deals GROUP BY name, account, created_at, decided_at, amount
), ended AS (
    SELECT
        g.deal,
        max(CASE WHEN e.kind = 'deal_decided' THEN e.happened_at END) AS decided_at,
        max(CASE WHEN e.kind = 'deal_reopened' THEN e.happened_at END) AS reopened_at
    FROM gate_moments AS g
    JOIN events AS e ON e.deal = g.deal
    WHERE e.kind IN ('deal_decided', 'deal_reopened') AND e.happened_at <= g.moment
    GROUP BY g.deal
), told AS (
    SELECT
        g.deal,
        max(CASE WHEN e.kind = 'amount_set' THEN e.turn END) AS amount_turn,
        max(CASE WHEN e.kind = 'owner_set' THEN e.turn END) AS owner_turn
    FROM gate_moments AS g
    JOIN events AS e ON e.deal = g.deal
    WHERE e.kind IN ('amount_set', 'owner_set') AND e.recorded_how <> 'snapshot'
        AND greatest(e.happened_at, coalesce(e.recorded_at, e.happened_at)) <= g.moment
    GROUP BY g.deal
)
SELECT
    g.deal, g.process, g.moment, sa.amount, so.name AS owner, d.id, d.name, d.account, d.currency, d.pipeline, d.record_type,
    d.created_at, d.outcome, d.decided_at, coalesce(x.decided_at >= coalesce(x.reopened_at, x.decided_at), FALSE) AS decided_then
FROM gate_moments AS g
JOIN single AS s ON s.deal = g.deal
JOIN deals AS d ON d.deal = g.deal
LEFT JOIN ended AS x ON x.deal = g.deal
LEFT JOIN told AS t ON t.deal = g.deal
LEFT JOIN events AS ea ON ea.turn = t.amount_turn
LEFT JOIN source_events AS sa ON sa.ordinal = ea.ordinal
LEFT JOIN events AS eo ON eo.turn = t.owner_turn
LEFT JOIN source_events AS so ON so.ordinal = eo.ordinal
WHERE g.moment <= $at
ORDER BY g.deal
