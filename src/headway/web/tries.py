"""Links that open something by a secret: ten wrong ones in a quarter of an hour from one address of the net, then none.

One count over all kinds of links: set-up, invitation, calendar, notices, codes to reset a password. A right one counts
nothing, so that an office that joins together is not kept out. A wrong one that comes again counts once: a calendar
that asks every few minutes for what was revoked is no guess.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_ip
from django.core.cache import cache
from django.http import HttpRequest

from headway.basics.errors import UserError

TOO_MANY = "Too many links were tried from here: wait fifteen minutes, then try again."
WITHIN_S = 15 * 60


class TooManyLinksError(UserError):
    """Ten wrong links came from this address of the net: not even a right one is looked at now."""

    def __init__(self) -> None:
        super().__init__(TOO_MANY)


@dataclass(frozen=True, slots=True)
class Tried:
    """One try, counted as wrong until it is said to be right."""

    counted: RateLimitUsage
    key: str

    def was_right(self) -> None:
        """It counts nothing."""
        self.counted.rollback()

    def was_wrong(self) -> None:
        """It counts, unless this very secret was counted already."""
        if not cache.add(self.key, 1, WITHIN_S):
            self.counted.rollback()


def try_link(request: HttpRequest, secret: str) -> Tried:
    """Count a link that is tried, before it is looked at. TooManyLinksError where too many wrong ones were tried."""
    counted = consume(request, app="allauth.account", action="open_link", limit_get=True)
    if not counted:
        raise TooManyLinksError
    seen = hashlib.sha256(secret.encode()).hexdigest()
    return Tried(counted, f"wrong link {get_ip(request)} {seen}")
