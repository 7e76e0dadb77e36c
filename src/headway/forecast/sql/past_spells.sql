-- Spans of days on which a deal was known and open, and how it was known to have ended on the first day no longer.
SELECT
    o.deal, o.day, o.until,
    CASE coalesce(d.name, 'lost') WHEN 'won' THEN 0 WHEN 'lost' THEN 1 ELSE 2 END AS ended
FROM rewind_open AS o
LEFT JOIN (
    SELECT k.deal, k.day, max(k.turn) AS turn FROM rewind_known AS k WHERE k.kind = 'deal_decided' GROUP BY k.deal, k.day
) AS l ON l.deal = o.deal AND l.day = o.until
LEFT JOIN events AS e ON e.turn = l.turn
LEFT JOIN codes AS d ON d.code = e.code
ORDER BY o.deal, o.day
