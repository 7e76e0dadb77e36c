-- What the deals file says of each deal, beside what the history says already.
-- outcome: null while open. decided_at: no decision can have come after the export.
CREATE OR REPLACE TEMP TABLE settled_deals AS
SELECT
    d.*, o.outcome AS split, d.closed_at > $exported AS closed_late,
    CASE WHEN said = 'open' THEN NULL WHEN said = 'lost' THEN coalesce(o.outcome, 'lost') ELSE said END AS final,
    -- A date without a time is that day's midnight: what else happened on the day came before the decision.
    least(CASE WHEN d.closed_at = date_trunc('day', d.closed_at) THEN greatest(
        d.closed_at,
        CASE WHEN CAST(d.created_at AS DATE) = CAST(d.closed_at AS DATE) THEN d.created_at END,
        CASE WHEN CAST(h.last_at AS DATE) = CAST(d.closed_at AS DATE) THEN h.last_at END,
        CASE WHEN CAST(d.stage_since AS DATE) = CAST(d.closed_at AS DATE) THEN d.stage_since END
    ) ELSE d.closed_at END, $exported) AS decided_at,
    h.stage AS h_stage, h.amount AS h_amount, h.expected_on AS h_expected_on, h.owner AS h_owner,
    h.outcome AS h_outcome, h.decided_at AS h_decided_at, least(h.first_at, f.first_at) AS h_first_at, h.reason AS h_reason,
    h.deal IS NOT NULL AS has_history
FROM (
    SELECT d.*, coalesce(d.outcome, m.outcome, 'open') AS said, coalesce(d.reason, m.reason) AS why,
        m.outcome IS NOT NULL AS stage_closes
    FROM kept_deals AS d LEFT JOIN stage_meanings AS m USING (stage)
) AS d
LEFT JOIN reason_outcomes AS o ON o.reason = d.why
LEFT JOIN last_states AS h ON h.deal = d.deal
-- Events that another part of the same reading has put into the log.
LEFT JOIN (SELECT deal, min(happened_at) AS first_at FROM source_events GROUP BY deal) AS f ON f.deal = d.deal
