-- Per day, process and stage: the open deals claimed at that stage or beyond, by what was evidenced of it, and those
-- evidenced there though claimed before it.
SELECT
    c.day, c.process, k.rank, c.stands,
    CASE WHEN coalesce(c.claimed, 0) < k.rank THEN 'sandbagged' WHEN c.evidenced IS NULL THEN 'unobserved'
         WHEN c.evidenced >= k.rank THEN 'evidenced' ELSE 'unproven' END AS part,
    CAST(sum(c.deals) AS BIGINT) AS deals, CAST(sum(c.with_amount) AS BIGINT) AS with_amount,
    CAST(sum(c.amount) AS DOUBLE) AS amount
FROM rewind_cells AS c
JOIN process_sizes AS z ON z.process = c.process
JOIN (SELECT CAST(unnest(range(1, $most + 1)) AS INTEGER) AS rank) AS k ON k.rank <= z.stages
WHERE c.claimed >= k.rank OR c.evidenced >= k.rank
GROUP BY ALL
ORDER BY ALL
