-- One row per deal with a process: claimed and evidenced rank, both clocks (microseconds), whether an act is agreed.
CREATE OR REPLACE TABLE standings AS
WITH claims AS (
    SELECT d.deal, p.process, l.rank AS claimed_rank
    FROM deals AS d
    JOIN deal_processes AS p ON p.deal = d.deal
    LEFT JOIN codes AS c ON c.kind = 'stage_claimed' AND c.name = d.claimed
    LEFT JOIN places AS l ON l.process = p.process AND l.code = c.code
), proven AS (
    SELECT s.deal, s.failing, coalesce(max(CASE WHEN m.rank < s.failing THEN m.rank END), 0) AS proven
    FROM (
        SELECT r.deal, coalesce(min(CASE WHEN NOT r.holds THEN r.rank END), max(z.stages) + 1) AS failing
        FROM milestone_states AS r
        JOIN deal_processes AS p ON p.deal = r.deal
        JOIN process_sizes AS z ON z.process = p.process
        GROUP BY r.deal
    ) AS s
    JOIN milestone_states AS m ON m.deal = s.deal
    GROUP BY s.deal, s.failing
), buyer AS (
    SELECT deal, max(happened_at) AS last_at, count(*) AS acts FROM buyer_acts GROUP BY deal
), seller AS (
    SELECT e.deal, max(e.happened_at) AS last_at, count(*) AS activities
    FROM events AS e JOIN frozen AS f ON f.deal = e.deal
    WHERE e.kind = 'activity_done' AND e.happened_at <= f.frozen_at
    GROUP BY e.deal
), agreed AS (
    SELECT r.deal, s.due_on
    FROM runs AS r
    JOIN events AS e ON e.turn = r.last_turn
    JOIN source_events AS s ON s.ordinal = e.ordinal
    WHERE r.kind = 'act_agreed'
)
SELECT
    f.deal, f.process, c.claimed_rank, f.decided_at,
    CASE WHEN b.deal IS NULL OR p.deal IS NULL THEN NULL
         ELSE greatest(p.proven, least(p.failing - 1, coalesce(c.claimed_rank, 0))) END AS evidenced_rank,
    b.deal IS NOT NULL AS observed,
    epoch_us(f.frozen_at) - epoch_us(b.last_at) AS silence_us,
    epoch_us(f.frozen_at) - epoch_us(w.last_at) AS seller_silence_us,
    coalesce(w.activities, 0) AS activities,
    coalesce(a.due_on >= CAST($at AS DATE), FALSE) AS waiting
FROM frozen AS f
JOIN claims AS c ON c.deal = f.deal
LEFT JOIN proven AS p ON p.deal = f.deal
LEFT JOIN buyer AS b ON b.deal = f.deal
LEFT JOIN seller AS w ON w.deal = f.deal
LEFT JOIN agreed AS a ON a.deal = f.deal
