-- When the buyer of each deal was observed to act: buyer acts, and evidence beyond the seller's word that stands.
-- The second place where order is settled; next_at is the act after it, silence is what lies between.
CREATE OR REPLACE TABLE buyer_acts AS
SELECT deal, happened_at, CASE WHEN deal = deal_after THEN at_after END AS next_at
FROM (
    SELECT deal, happened_at, lead(deal) OVER () AS deal_after, lead(happened_at) OVER () AS at_after
    FROM (
        SELECT DISTINCT deal, happened_at
        FROM (
            SELECT e.deal, e.happened_at FROM events AS e JOIN frozen AS f ON f.deal = e.deal
            WHERE e.kind = 'buyer_acted' AND e.happened_at <= f.frozen_at
            UNION ALL
            SELECT e.deal, e.happened_at FROM events AS e
            JOIN frozen AS f ON f.deal = e.deal
            JOIN source_events AS s ON s.ordinal = e.ordinal
            LEFT JOIN retracted AS r ON r.ordinal = e.ordinal
            WHERE e.kind = 'evidence_recorded' AND e.happened_at <= f.frozen_at AND s.grade > 0 AND r.ordinal IS NULL
        )
        ORDER BY deal, happened_at
    )
)
