-- Claims of a stage that the buyer had not shown on that day, of decided deals too.
SELECT deal, due_at AS happened_at FROM checks WHERE kind = 'claim' AND NOT kept
