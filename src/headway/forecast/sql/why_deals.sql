SELECT deal, id, name FROM deals WHERE deal IN (SELECT unnest($deals))
