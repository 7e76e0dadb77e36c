-- What was last said of every deal, and its clocks; the newest event behind it.
CREATE OR REPLACE TABLE deal_facts AS
WITH retracted AS (
    SELECT DISTINCT s.ordinal
    FROM events AS e
    JOIN source_events AS s ON s.ordinal = e.ordinal
    JOIN (
        SELECT e.deal, s.name, s.ref, e.happened_at FROM events AS e JOIN source_events AS s ON s.ordinal = e.ordinal
        WHERE e.kind = 'evidence_retracted'
    ) AS w ON w.deal = e.deal AND w.name = s.name AND (w.ref = s.ref OR (w.ref IS NULL AND w.happened_at >= e.happened_at))
    WHERE e.kind = 'evidence_recorded'
), buyer AS (
    SELECT deal, max(moment) AS last_at FROM (
        SELECT deal, last_at AS moment FROM runs WHERE kind = 'buyer_acted'
        UNION ALL
        SELECT e.deal, e.happened_at FROM events AS e JOIN source_events AS s ON s.ordinal = e.ordinal
        ANTI JOIN retracted AS r ON r.ordinal = e.ordinal
        WHERE e.kind = 'evidence_recorded' AND s.grade > 0
    ) GROUP BY deal
), agreed AS (
    SELECT r.deal, s.name, s.due_on, s.contact, s.happened_at
    FROM runs AS r JOIN events AS e ON e.turn = r.last_turn JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE r.kind = 'act_agreed'
), newest AS (
    SELECT deal, max(ordinal) AS ordinal FROM events GROUP BY deal
)
SELECT
    d.deal, d.id, d.name, coalesce(d.account, '') AS account, d.record_type, coalesce(d.currency, '') AS currency, d.amount, d.close_on,
    coalesce(d.claimed, '') AS claimed, coalesce(d.owner, '') AS owner, d.created_at,
    CASE WHEN d.decided_at IS NULL THEN '' ELSE coalesce(CAST(d.outcome AS VARCHAR), 'lost') END AS outcome, d.decided_at,
    b.last_at AS last_buyer_act_at, w.last_at AS last_activity_at,
    coalesce(a.name, '') AS agreed_act, a.due_on AS agreed_on, a.contact AS agreed_who, a.happened_at AS agreed_at,
    p.process, s.claimed_rank, s.evidenced_rank, n.ordinal AS last_event
FROM deals AS d
LEFT JOIN buyer AS b ON b.deal = d.deal
LEFT JOIN runs AS w ON w.deal = d.deal AND w.kind = 'activity_done'
LEFT JOIN agreed AS a ON a.deal = d.deal
LEFT JOIN deal_processes AS p ON p.deal = d.deal
LEFT JOIN standings AS s ON s.deal = d.deal
LEFT JOIN newest AS n ON n.deal = d.deal
