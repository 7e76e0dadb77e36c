SELECT process, count(*) AS n FROM deal_processes GROUP BY process
