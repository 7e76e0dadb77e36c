-- Open deals and money per day, process, claimed and evidenced rank, and how they stand as of the log.
CREATE OR REPLACE TABLE rewind_cells AS
WITH alike AS (
    SELECT process, claimed, evidenced, stands, day, until, count(*) AS deals, count(amount) AS with_amount, sum(amount) AS amount
    FROM rewind_ranks
    GROUP BY ALL
), daily AS (
    SELECT * EXCLUDE (day, until), unnest(range(day, until)) AS day FROM alike
)
SELECT
    CAST(day AS INTEGER) AS day, process, claimed, evidenced, stands,
    CAST(sum(deals) AS BIGINT) AS deals, CAST(sum(with_amount) AS BIGINT) AS with_amount, coalesce(sum(amount), 0) AS amount
FROM daily
GROUP BY ALL
