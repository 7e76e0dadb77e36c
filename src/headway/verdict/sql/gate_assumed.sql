-- Of the events of deals that reached the gate that a replay looks at: how many, and how many of assumed time of recording.
SELECT count(*) AS events, count(CASE WHEN e.recorded_how = 'assumed' THEN 1 END) AS assumed,
    count(CASE WHEN e.recorded_how = 'snapshot' THEN 1 END) AS barred
FROM events AS e
JOIN deal_processes AS p ON p.deal = e.deal
JOIN gate_stages AS g ON g.process = p.process
WHERE e.kind IN ('stage_claimed', 'buyer_acted', 'evidence_recorded', 'activity_done')
