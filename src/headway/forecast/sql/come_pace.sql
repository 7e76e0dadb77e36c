-- On won deals, the days from what the buyer had shown before (the deal's creation, for the first) to each milestone;
-- milestone NULL: from the last one to the decision. One row per milestone that was ever reached on a won deal.
WITH firsts AS (
    SELECT q.deal, q.milestone, min(e.happened_at) AS first_at
    FROM required AS q
    JOIN standing_evidence AS e ON e.deal = q.deal AND e.milestone = q.milestone AND e.grade >= q.grade AND NOT e.disputed
    JOIN deals AS d ON d.deal = q.deal AND d.outcome = 'won'
    GROUP BY q.deal, q.milestone
), steps AS (
    SELECT f.deal, f.milestone, f.first_at, max(b.first_at) AS before_at
    FROM firsts AS f
    LEFT JOIN firsts AS b ON b.deal = f.deal AND (b.first_at < f.first_at OR (b.first_at = f.first_at AND b.milestone < f.milestone))
    GROUP BY f.deal, f.milestone, f.first_at
), lengths AS (
    SELECT p.process, s.milestone, epoch_us(s.first_at) - epoch_us(coalesce(s.before_at, d.created_at)) AS us
    FROM steps AS s JOIN deals AS d ON d.deal = s.deal JOIN deal_processes AS p ON p.deal = s.deal
    UNION ALL
    SELECT p.process, NULL, epoch_us(d.decided_at) - epoch_us(l.last_at)
    FROM (SELECT deal, max(first_at) AS last_at FROM firsts GROUP BY deal) AS l
    JOIN deals AS d ON d.deal = l.deal JOIN deal_processes AS p ON p.deal = l.deal
)
SELECT process, milestone, count(*) AS deals, CAST(quantile_disc(us, 0.5) AS BIGINT) AS us
FROM lengths GROUP BY process, milestone
