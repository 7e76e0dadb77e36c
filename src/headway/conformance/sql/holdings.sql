-- Does the log hold what rules need? One row of flags.
SELECT
    EXISTS (SELECT 1 FROM visits) AS claims,
    EXISTS (SELECT 1 FROM buyer_acts) AND EXISTS (SELECT 1 FROM milestones) AS evidence,
    EXISTS (SELECT 1 FROM events WHERE recorded_how = 'history' AND recorded_at > happened_at) AS history,
    (SELECT count(*) FROM runs WHERE kind = 'close_date_set' AND events > 1) > 0 AS close_dates,
    EXISTS (SELECT 1 FROM runs WHERE kind = 'activity_done') AS activities
