-- The steps that the gate needs and that had not been recorded as done. A step that waits for a buyer act which had not
-- been recorded, or is not asked after one that had, is not missed.
WITH known AS (
    SELECT g.deal, g.process, e.kind, c.name, e.happened_at
    FROM gate_at AS g
    JOIN events AS e ON e.deal = g.deal
    JOIN codes AS c ON c.code = e.code
    WHERE e.kind IN ('activity_done', 'buyer_acted', 'evidence_recorded') AND e.recorded_how <> 'snapshot'
        AND e.happened_at <= g.moment
        AND coalesce(e.recorded_at, e.happened_at) <= g.known_by
), triggers AS (
    SELECT k.deal, s.place, min(k.happened_at) AS started_at
    FROM gate_steps AS s
    JOIN known AS k ON k.process = s.process AND k.kind = 'buyer_acted' AND k.name = s.after
    GROUP BY k.deal, s.place
), excused AS (
    SELECT DISTINCT k.deal, x.place
    FROM gate_excuses AS x
    JOIN known AS k ON k.process = x.process AND CAST(k.kind AS VARCHAR) = x.kind AND k.name = x.name
), done AS (
    SELECT k.deal, s.place, count(*) AS times
    FROM gate_steps AS s
    JOIN gate_activities AS a ON a.process = s.process AND a.place = s.place
    JOIN known AS k ON k.process = s.process AND k.kind = 'activity_done' AND k.name = a.name
    LEFT JOIN triggers AS t ON t.deal = k.deal AND t.place = s.place
    WHERE s.after IS NULL OR k.happened_at >= t.started_at
    GROUP BY k.deal, s.place
)
SELECT g.deal, s.place
FROM gate_at AS g
JOIN gate_steps AS s ON s.process = g.process
LEFT JOIN triggers AS t ON t.deal = g.deal AND t.place = s.place
LEFT JOIN excused AS x ON x.deal = g.deal AND x.place = s.place
LEFT JOIN done AS d ON d.deal = g.deal AND d.place = s.place
WHERE (s.after IS NULL OR t.deal IS NOT NULL) AND x.deal IS NULL AND coalesce(d.times, 0) < s.times
ORDER BY g.deal, s.place
