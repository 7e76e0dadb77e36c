SELECT v.deal, v.rank FROM visits AS v WHERE list_contains($deals, v.deal) ORDER BY v.place
