-- Whether any review was recorded as held by then.
SELECT count(*) > 0 AS reviews
FROM source_events
WHERE kind IN ('review_held', 'deal_inspected') AND happened_at <= $at AND coalesce(recorded_at, happened_at) <= $known_by
