-- Every change of stage, and winning as the passage beyond the last stage. from_rank 0: the deal's first claim.
CREATE OR REPLACE TABLE passages AS
SELECT deal, process, from_rank, rank AS to_rank, happened_at, ordinal, turn, FALSE AS by_winning FROM visits
UNION ALL
SELECT v.deal, v.process, v.rank, z.stages + 1, d.decided_at, NULL, v.turn, TRUE
FROM visits AS v
JOIN deals AS d ON d.deal = v.deal AND d.outcome = 'won'
JOIN process_sizes AS z ON z.process = v.process
WHERE v.next_rank IS NULL AND d.decided_at >= v.happened_at
