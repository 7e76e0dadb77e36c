-- Deals that an import decided and that this export shows open: it holds a snapshot only open deals have, no decision.
SELECT p.deal, p.ordinal
FROM decisions AS p
WHERE p.is_decided AND p.ordinal IS NOT NULL
    AND p.deal IN (
        SELECT deal FROM given_events WHERE recorded_how = 'snapshot' AND kind IN ('stage_claimed', 'close_date_set')
    )
    AND p.deal NOT IN (SELECT deal FROM given_events WHERE kind IN ('deal_decided', 'deal_reopened') AND deal IS NOT NULL)
    AND p.happened_at <= $known_at
