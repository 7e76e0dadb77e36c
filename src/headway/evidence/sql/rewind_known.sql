-- What can change how an open deal stands, with the day from which it is known: it has happened and is recorded.
CREATE OR REPLACE TABLE rewind_known AS
SELECT e.deal, e.kind, e.turn, e.ordinal, e.happened_at, c.day
FROM events AS e
JOIN rewind_calendar AS c
    ON c.known_on = greatest(CAST(greatest(e.happened_at, e.recorded_at) AS DATE), CAST($first AS DATE))
WHERE e.kind IN ('stage_claimed', 'amount_set', 'deal_decided', 'deal_reopened',
                 'buyer_acted', 'evidence_recorded', 'evidence_retracted', 'evidence_disputed')
