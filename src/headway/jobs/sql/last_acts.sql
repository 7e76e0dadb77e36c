-- Of each open deal: what its buyer did last, and the last quote.
SELECT
    deal,
    arg_max({'name': name, 'at': happened_at, 'who': contact}, {'at': happened_at, 'ordinal': ordinal})
        FILTER (kind = 'buyer_acted' OR grade > 0) AS act,
    arg_max(note, {'at': happened_at, 'ordinal': ordinal})
        FILTER (kind = 'evidence_recorded' AND note <> '') AS quote
FROM told
WHERE stands
GROUP BY deal
