-- The history's changes as events. A closing stage is the decision, not a claim; leaving it reopens the deal.
CREATE OR REPLACE TEMP TABLE found_events AS
SELECT
    deal, kind, CASE kind WHEN 'owner_set' THEN owner WHEN 'stage_claimed' THEN stage WHEN 'deal_decided' THEN outcome END AS name,
    moment AS happened_at, CAST(NULL AS TIMESTAMP) AS recorded_at, how AS recorded_how, actor,
    CASE WHEN kind = 'amount_set' THEN amount END AS amount,
    CASE WHEN kind = 'close_date_set' THEN expected_on END AS due_on,
    CASE WHEN kind = 'deal_decided' THEN reason END AS note, file, line, place
FROM (
    -- Closing a deal sets its close date to that day, which is no new expectation.
    SELECT *, unnest(list_filter([
        CASE WHEN moved AND outcome IS NULL THEN 'stage_claimed' END,
        CASE WHEN repriced THEN 'amount_set' END,
        CASE WHEN rescheduled AND outcome IS NULL AND NOT closes_now THEN 'close_date_set' END,
        CASE WHEN handed THEN 'owner_set' END,
        CASE WHEN moved AND outcome IS NOT NULL AND outcome IS DISTINCT FROM outcome_before THEN 'deal_decided' END,
        CASE WHEN moved AND outcome IS NULL AND outcome_before IS NOT NULL THEN 'deal_reopened' END
    ], lambda kind: kind IS NOT NULL)) AS kind
    FROM (
        SELECT *, coalesce(bool_or(moved AND outcome IS NOT NULL) OVER (PARTITION BY deal, moment), false) AS closes_now
        FROM state_changes
    )
);
-- A deal whose creation only the history tells.
INSERT INTO found_events
SELECT l.deal, 'deal_created', NULL, least(l.created_at, l.said_created_at), NULL, 'history', NULL, NULL, NULL, NULL,
    NULL, NULL, 0
FROM last_states AS l LEFT JOIN kept_deals AS d USING (deal)
WHERE d.created_at IS NULL AND coalesce(l.created_at, l.said_created_at) IS NOT NULL
