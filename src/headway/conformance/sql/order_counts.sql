-- Of the deals of each pipeline that claimed both stages: how many claimed `earlier` first, before `later`.
WITH firsts AS (
    SELECT d.pipeline, e.deal, e.code, min(e.turn) AS turn
    FROM events AS e JOIN deals AS d ON d.deal = e.deal
    WHERE e.kind = 'stage_claimed'
    GROUP BY d.pipeline, e.deal, e.code
)
SELECT a.pipeline, x.name AS earlier, y.name AS later, count(*) AS deals
FROM firsts AS a
JOIN firsts AS b ON b.deal = a.deal AND b.turn > a.turn
JOIN codes AS x ON x.code = a.code
JOIN codes AS y ON y.code = b.code
GROUP BY a.pipeline, x.name, y.name
ORDER BY ALL
