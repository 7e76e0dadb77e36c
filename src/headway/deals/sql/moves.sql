-- One row per claim of a known stage. previous_rank: of the known claim before it in this deal, else NULL.
-- left_at: when the next known claim came, else the decision, else NULL (still there as of the log).
CREATE TABLE moves AS
SELECT
    deal, process, rank, happened_at, recorded_at, recorded_how, ordinal, turn,
    CASE WHEN deal = deal_before THEN rank_before END AS previous_rank,
    CASE WHEN deal = deal_before THEN epoch_us(happened_at) - epoch_us(at_before) END AS gap_us,
    CASE WHEN deal = deal_after THEN rank_after END AS next_rank,
    CASE WHEN deal = deal_after THEN at_after
         WHEN decided_at >= happened_at THEN decided_at END AS left_at
FROM (
    SELECT
        *,
        lag(deal) OVER () AS deal_before,
        lag(rank) OVER () AS rank_before,
        lag(happened_at) OVER () AS at_before,
        lead(deal) OVER () AS deal_after,
        lead(rank) OVER () AS rank_after,
        lead(happened_at) OVER () AS at_after
    FROM ranked_claims
)
