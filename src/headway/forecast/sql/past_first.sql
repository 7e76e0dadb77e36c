SELECT min(CAST(greatest(happened_at, recorded_at) AS DATE)) FROM events
