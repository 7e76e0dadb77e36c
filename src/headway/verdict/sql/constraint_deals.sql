-- One row per deal that was started between $from and $until: how far its buyer was seen to go, what was claimed last,
-- and how it ended. top: the furthest stage of which any milestone was shown (also a lapsed one); whole: all that
-- stage takes was shown; real: the furthest stage that became real; contacts: people at the buyer who were heard. Unobserved deals have neither.
WITH shown AS (
    SELECT deal, max(rank) AS top FROM milestone_states WHERE state IN (1, 3) GROUP BY deal
), whole AS (
    SELECT w.deal, w.top, bool_and(m.state IN (1, 3)) AS whole
    FROM shown AS w JOIN milestone_states AS m ON m.deal = w.deal AND m.rank = w.top
    GROUP BY w.deal, w.top
), proven AS (
    SELECT deal, max(rank) AS real FROM stage_proofs GROUP BY deal
), last_visit AS (
    SELECT v.deal, v.rank
    FROM (SELECT deal, max(turn) AS turn FROM visits GROUP BY deal) AS l
    JOIN visits AS v ON v.turn = l.turn
), heard AS (
    SELECT e.deal, count(DISTINCT s.contact) AS contacts
    FROM events AS e JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE e.kind IN ('buyer_acted', 'evidence_recorded') AND s.contact IS NOT NULL
    GROUP BY e.deal
)
SELECT
    p.process, d.created_at, d.outcome, coalesce(s.observed, FALSE) AS observed,
    coalesce(w.top, 0) AS top, coalesce(w.whole, FALSE) AS whole, coalesce(r.real, 0) AS real,
    coalesce(v.rank, 0) AS claimed, coalesce(h.contacts, 0) AS contacts
FROM deals AS d
JOIN deal_processes AS p ON p.deal = d.deal
LEFT JOIN standings AS s ON s.deal = d.deal
LEFT JOIN whole AS w ON w.deal = d.deal
LEFT JOIN proven AS r ON r.deal = d.deal
LEFT JOIN last_visit AS v ON v.deal = d.deal
LEFT JOIN heard AS h ON h.deal = d.deal
WHERE d.created_at > CAST($from AS TIMESTAMP) AND d.created_at <= CAST($until AS TIMESTAMP)
ORDER BY d.deal
