-- The one place where order is settled: by deal, kind, time and place in the source.
CREATE TABLE sorted_events AS
SELECT i.deal, s.kind, c.code, s.happened_at, s.recorded_at, s.recorded_how, s.ordinal
FROM source_events AS s
JOIN deal_ids AS i ON i.id = s.deal
JOIN codes AS c ON c.kind = s.kind AND c.name IS NOT DISTINCT FROM s.name
WHERE s.happened_at <= $at AND coalesce(s.recorded_at, s.happened_at) <= $known_by
ORDER BY i.deal, s.kind, s.happened_at, s.ordinal
