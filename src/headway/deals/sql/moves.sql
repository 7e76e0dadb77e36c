-- One row per claim of a known stage. previous_rank: of the known claim before it in this deal, else NULL.
CREATE TABLE moves AS
SELECT
    deal, process, rank, happened_at, recorded_at, recorded_how, ordinal, turn,
    CASE WHEN deal = deal_before THEN rank_before END AS previous_rank,
    CASE WHEN deal = deal_before THEN epoch_us(happened_at) - epoch_us(at_before) END AS gap_us
FROM (
    SELECT
        *,
        lag(deal) OVER () AS deal_before,
        lag(rank) OVER () AS rank_before,
        lag(happened_at) OVER () AS at_before
    FROM ranked_claims
)
