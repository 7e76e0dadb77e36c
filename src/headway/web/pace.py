"""How often one address of the net may ask for what needs no account: enough for an office, too little to keep it busy.

Calendars and pasted deals. Each is counted by itself, in this process, and only a hash of the address is kept.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import caches

from headway.web.requests import Request

A_MINUTE = 120  # typing asks at most about three times a second, and once it stops
SECONDS = 60


def is_too_often(request: Request, what: str) -> bool:
    """Count this request for `what`; True where its address asked for that more than 120 times in this minute."""
    minute = int(request.now.timestamp()) // SECONDS
    marked = hashlib.sha256(f"{settings.SECRET_KEY}{_address_of(request)}".encode()).hexdigest()[:32]
    key = f"{what}-{marked}-{minute}"
    cache = caches["process"]
    cache.add(key, 0, timeout=2 * SECONDS)
    try:
        return int(cache.incr(key)) > A_MINUTE
    except ValueError:  # thrown out of the cache between the two: as good as new
        return False


def _address_of(request: Request) -> str:
    """Where the request comes from; behind a proxy, what the proxy nearest to us says."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
