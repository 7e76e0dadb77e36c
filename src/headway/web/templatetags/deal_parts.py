"""Small parts of deals that lists draw many times: milestone marks and the standing, written without a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

STATES = ("proven", "weak", "lapsed", "disputed", "open")
STANDINGS = {
    "advancing": "Advancing",
    "waiting": "Waiting",
    "drifting": "Drifting",
    "quiet": "Quiet",
    "unseen": "Unseen",
    "decided": "Decided",
}


@register.simple_tag
def milestone_marks(proofs: Iterable[Mapping[str, Any]]) -> SafeString:
    """`{% milestone_marks deal.proofs %}`: one small mark per milestone, grouped by stage, said in words too."""
    marks: list[str] = []
    states: Counter[str] = Counter()
    before = None
    for proof in proofs:
        state = proof["state"] if proof["state"] in STATES else "open"
        states[state] += 1
        first = " first" if before is not None and proof["rank"] != before else ""
        before = proof["rank"]
        marks.append(f'<i class="mark bare state-{state}{first}"></i>')
    if not marks:
        return SafeString("")
    other = "".join(f", {states[state]} {state}" for state in STATES[1:-1] if states[state])
    said = f"{states['proven']} of {len(marks)} milestones proven{other}"
    drawn = mark_safe("".join(marks))  # noqa: S308  (states and ranks of ours, checked above)
    return format_html('<span class="marks" role="img" aria-label="{}">{}</span>', said, drawn)


@register.simple_tag
def standing_badge(standing: str, outcome: str = "") -> SafeString:
    """`{% standing_badge deal.standing deal.outcome %}`: what the deal is doing, or how it ended."""
    words = outcome.replace("_", " ").capitalize() if outcome else STANDINGS.get(standing, standing)
    return format_html('<span class="badge standing-{}">{}</span>', "decided" if outcome else standing, words)
