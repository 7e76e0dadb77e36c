SELECT id, name, CAST(amount AS DOUBLE) AS amount, currency, owner, outcome FROM deals WHERE list_contains($deals, id)
