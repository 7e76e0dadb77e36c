-- Deals of which between the ends of two days it became known that a buyer acted or evidence was recorded (shown), or
-- that evidence was disputed or retracted (doubted).
SELECT
    e.deal,
    bool_or(e.kind IN ('buyer_acted', 'evidence_recorded')) AS shown,
    bool_or(e.kind IN ('evidence_retracted', 'evidence_disputed')) AS doubted
FROM events AS e
WHERE e.kind IN ('buyer_acted', 'evidence_recorded', 'evidence_retracted', 'evidence_disputed')
    AND CAST(greatest(e.happened_at, e.recorded_at) AS DATE) > $from_on
    AND CAST(greatest(e.happened_at, e.recorded_at) AS DATE) <= $to_on
GROUP BY e.deal
