-- Patterns of deals: how much evidence people recorded, at a time that the source stamps, and how much of it later
-- than the process allows; beside it what else they recorded of the buyer (meetings, agreements), likewise.
WITH recorded AS (
    SELECT e.deal, e.happened_at, e.kind = 'evidence_recorded' AS proves,
        epoch_us(e.recorded_at) - epoch_us(e.happened_at) > l.late_us AS late
    FROM events AS e
    JOIN source_events AS s ON s.ordinal = e.ordinal
    JOIN deal_processes AS p ON p.deal = e.deal
    JOIN process_limits AS l ON l.process = p.process
    WHERE e.recorded_how = 'history' AND e.recorded_at IS NOT NULL AND s.actor IS NOT NULL AND s.actor <> ''
        AND e.kind IN ('evidence_recorded', 'buyer_acted', 'act_agreed')
), proofs AS (
    SELECT DISTINCT deal, happened_at FROM recorded WHERE proves
), told AS (
    SELECT r.*, p.deal IS NOT NULL AS of_proof
    FROM recorded AS r LEFT JOIN proofs AS p ON p.deal = r.deal AND p.happened_at = r.happened_at
)
SELECT evidence, late, others, others_late, count(*) AS deals
FROM (
    SELECT
        deal, count(CASE WHEN proves THEN 1 END) AS evidence, count(CASE WHEN proves AND late THEN 1 END) AS late,
        count(CASE WHEN NOT of_proof THEN 1 END) AS others, count(CASE WHEN NOT of_proof AND late THEN 1 END) AS others_late
    FROM told
    GROUP BY deal
)
GROUP BY ALL
ORDER BY ALL
