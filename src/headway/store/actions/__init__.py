"""The only writers: one atomic function per verb, keyword-only, with `by` and `at`."""
