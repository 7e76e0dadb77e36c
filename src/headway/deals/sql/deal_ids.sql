-- One small integer per deal, in the order in which the source names them first.
CREATE TABLE deal_ids AS
SELECT id, CAST(row_number() OVER (ORDER BY first_place, id) - 1 AS INTEGER) AS deal
FROM (
    SELECT id, min(place) AS first_place
    FROM (
        SELECT deal AS id, min(ordinal) AS place FROM source_events
        WHERE deal IS NOT NULL AND happened_at <= $at AND coalesce(recorded_at, happened_at) <= $known_by
        GROUP BY deal
    )
    GROUP BY id
)
