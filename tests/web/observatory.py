"""What the Mozilla HTTP Observatory would give an answer, by its published scale of 2024, without asking it.

Source: scoring.md of mozilla/http-observatory (httpobs), as of 2024-02-27: everybody begins with 100; penalties are
taken off; from 90 on bonuses are added; 135 is the highest. Two bonuses cannot be had here and count as none: a place
on the browsers' preload list (5), and subresource integrity (5), which is for scripts from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

HALF_A_YEAR = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SCRIPT = re.compile(r"<script[^>]*?\bsrc=[\"']?([^\"' >]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Seen:
    """An answer over https. `headers` by lower-case names; `cookies`: their Set-Cookie lines, without their values.

    `plain`: status and Location of the same address over http.
    """

    headers: Mapping[str, str]
    cookies: Sequence[str] = ()
    plain: tuple[int, str] = (0, "")
    body: str = ""


@dataclass
class Score:
    """Points and what they were given or taken for."""

    points: list[tuple[int, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Penalties first; bonuses from 90 on only."""
        base = 100 + sum(points for points, _ in self.points if points < 0)
        return max(0, base + (sum(points for points, _ in self.points if points > 0) if base >= 90 else 0))


def score_of(seen: Seen) -> Score:
    """The score of one answer."""
    policy = policy_of(seen.headers.get("content-security-policy", ""))
    found = [
        _policy(policy), _cookies(seen), _transport(seen.headers.get("strict-transport-security", "")), _redirect(seen),
        _referrer(seen.headers.get("referrer-policy", "")), _scripts(seen.body), _frames(seen, policy),
        (0, "CORS") if seen.headers.get("access-control-allow-origin", "") != "*" else (-50, "CORS for everybody"),
        (0, "nosniff") if seen.headers.get("x-content-type-options") == "nosniff" else (-5, "no nosniff"),
    ]  # fmt: skip
    return Score(found)


def policy_of(text: str) -> dict[str, list[str]]:
    """Directive to its sources."""
    parts = [part.split() for part in text.split(";") if part.strip()]
    return {name.lower(): [source.lower() for source in sources] for name, *sources in parts}


def _policy(policy: dict[str, list[str]]) -> tuple[int, str]:
    if not policy:
        return -25, "no policy"
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    styles = policy.get("style-src", policy.get("default-src", ["*"]))
    if "'unsafe-inline'" in scripts or "*" in scripts or "data:" in scripts:
        return -20, "policy allows inline scripts, or any"
    if any(source.startswith("http:") for sources in policy.values() for source in sources):
        return -20, "policy allows http"
    if "'unsafe-eval'" in scripts:
        return -10, "policy allows eval"
    if "'unsafe-inline'" in styles:
        return 0, "policy allows inline styles"
    return (10, "policy, default none") if policy.get("default-src") == ["'none'"] else (5, "policy")


def _cookies(seen: Seen) -> tuple[int, str]:
    if not seen.cookies:
        return 0, "no cookies"
    lines = [line.lower() for line in seen.cookies]
    if not all("secure" in line for line in lines):
        return -40, f"a cookie without Secure: {lines}"
    if not all("httponly" in line for line in lines):
        return -30, "a session without HttpOnly"
    if all("samesite=lax" in line or "samesite=strict" in line for line in lines):
        return 5, "cookies with SameSite"
    return -20, "a token without SameSite"


def _transport(header: str) -> tuple[int, str]:
    age = re.search(r"max-age=(\d+)", header)
    if age is None:
        return -20, "no HSTS"
    return (0, "HSTS") if int(age.group(1)) >= HALF_A_YEAR else (-10, "HSTS too short")


def _redirect(seen: Seen) -> tuple[int, str]:
    status, location = seen.plain
    return (
        (0, "to https") if status in (301, 302, 307, 308) and location.startswith("https://") else (-20, "no redirect")
    )


def _referrer(header: str) -> tuple[int, str]:
    if not header:
        return 0, "no referrer policy"
    return (5, "private referrer") if set(header.replace(" ", "").split(",")) <= PRIVATE else (-5, "referrer told")


def _scripts(body: str) -> tuple[int, str]:
    foreign = [source for source in SCRIPT.findall(body) if re.match(r"(\w+:)?//", source)]
    return (-50, f"scripts from elsewhere: {foreign}") if foreign else (0, "own scripts")


def _frames(seen: Seen, policy: dict[str, list[str]]) -> tuple[int, str]:
    if "frame-ancestors" in policy:
        return 5, "frames by policy"
    return (0, "frames") if seen.headers.get("x-frame-options") in ("DENY", "SAMEORIGIN") else (-20, "may be framed")
