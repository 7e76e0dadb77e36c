-- Of the events that a replay looks at, how many have an assumed time of recording; and of all claims of a stage, how many
-- are known only from the export's last day.
SELECT
    count(CASE WHEN e.recorded_how <> 'snapshot' THEN 1 END) AS events,
    count(CASE WHEN e.recorded_how = 'assumed' THEN 1 END) AS assumed,
    count(CASE WHEN e.kind = 'stage_claimed' THEN 1 END) AS claims,
    count(CASE WHEN e.kind = 'stage_claimed' AND e.recorded_how = 'snapshot' THEN 1 END) AS snapshots
FROM events AS e
JOIN deal_processes AS p ON p.deal = e.deal
JOIN gate_stages AS g ON g.process = p.process
WHERE e.kind IN ('stage_claimed', 'buyer_acted', 'evidence_recorded', 'activity_done')
