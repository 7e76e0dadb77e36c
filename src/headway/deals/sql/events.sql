-- Neighbours, once and for all. `OVER ()` reads the rows in the order in which sorted_events holds them
-- (preserve_insertion_order is on), so this streams: no partition is ever held in memory.
-- previous, gap_us: of the event before it of the same kind in the same deal, else NULL.
-- turn: its place in the whole log; position is taken from it below.
CREATE TABLE events AS
SELECT
    deal, kind, code, happened_at, recorded_at, recorded_how, ordinal, turn,
    CASE WHEN deal = deal_before AND kind = kind_before THEN code_before END AS previous,
    CASE WHEN deal = deal_before AND kind = kind_before
         THEN epoch_us(happened_at) - epoch_us(at_before) END AS gap_us
FROM (
    SELECT
        *,
        row_number() OVER () AS turn,
        lag(deal) OVER () AS deal_before,
        lag(kind) OVER () AS kind_before,
        lag(code) OVER () AS code_before,
        lag(happened_at) OVER () AS at_before
    FROM sorted_events
)
