-- Open deals and money (in the log's currency) per day, process, claimed and evidenced rank, and how they stand as of the log.
CREATE OR REPLACE TABLE rewind_cells AS
WITH alike AS (
    SELECT r.process, r.claimed, r.evidenced, r.stands, r.day, r.until, count(*) AS deals,
        count(r.amount * m.rate) AS with_amount, sum(r.amount * m.rate) AS amount
    FROM rewind_ranks AS r
    JOIN money AS m ON m.deal = r.deal
    GROUP BY ALL
), daily AS (
    SELECT * EXCLUDE (day, until), unnest(range(day, until)) AS day FROM alike
)
SELECT
    CAST(day AS INTEGER) AS day, process, claimed, evidenced, stands,
    CAST(sum(deals) AS BIGINT) AS deals, CAST(sum(with_amount) AS BIGINT) AS with_amount, coalesce(sum(amount), 0) AS amount
FROM daily
GROUP BY ALL
