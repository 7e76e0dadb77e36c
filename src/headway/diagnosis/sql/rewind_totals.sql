-- Per day and process (NULL: deals without one): all open deals and their money.
SELECT
    day, process, CAST(sum(deals) AS BIGINT) AS deals, CAST(sum(with_amount) AS BIGINT) AS with_amount,
    CAST(sum(amount) AS DOUBLE) AS amount
FROM rewind_cells
GROUP BY day, process
ORDER BY day, process
