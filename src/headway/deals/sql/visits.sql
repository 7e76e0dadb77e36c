-- One row per visit of a stage: a claim of the stage that the deal is already in begins no new one.
-- left_at: when the next visit began, else the decision, else NULL (still there as of the log).
-- place: dense over the whole table; a deal's n-th visit is its first place plus n.
CREATE TABLE visits AS
SELECT
    deal, process, rank, happened_at, ordinal, turn, place, coalesce(previous_rank, 0) AS from_rank,
    CASE WHEN deal = deal_after THEN rank_after END AS next_rank,
    CASE WHEN deal = deal_after THEN at_after
         WHEN decided_at >= happened_at THEN decided_at END AS left_at
FROM (
    SELECT
        m.*,
        row_number() OVER () AS place,
        lead(m.deal) OVER () AS deal_after,
        lead(m.rank) OVER () AS rank_after,
        lead(m.happened_at) OVER () AS at_after
    FROM (
        SELECT m.*, d.decided_at FROM moves AS m JOIN deal_processes AS d ON d.deal = m.deal
        WHERE m.previous_rank IS DISTINCT FROM m.rank
        ORDER BY m.turn
    ) AS m
)
