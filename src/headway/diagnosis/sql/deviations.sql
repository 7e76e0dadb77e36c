SELECT c.deal, CAST(c.due_at AS DATE) AS due_on, NOT c.kept AS deviates FROM checks AS c ORDER BY ALL
