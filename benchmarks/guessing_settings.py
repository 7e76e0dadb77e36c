"""The shipped settings without the limits of tries: `benchmarks.guessing` makes hundreds."""

from headway.settings import *  # noqa: F403

ACCOUNT_RATE_LIMITS = False
