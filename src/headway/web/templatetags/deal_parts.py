"""Small parts of deals that lists draw many times: milestone marks and the standing, written without a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from headway.basics.language import told
from headway.web.badges import standing_badge
from headway.web.deals.time_line import Line
from headway.web.language.markup import shown
from headway.web.parts import draw
from headway.web.templatetags.words import day

register = template.Library()
register.simple_tag(standing_badge)

STATES = ("proven", "weak", "lapsed", "disputed", "open")


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
    proven = told(f"{states['proven']} of {len(marks)} milestones proven")
    said = ", ".join((proven, *(f"{states[state]} {told(state)}" for state in STATES[1:-1] if states[state])))
    drawn = mark_safe("".join(marks))  # noqa: S308  (states and ranks of ours, checked above)
    return format_html('<span class="marks" role="img" aria-label="{}">{}</span>', said, drawn)


@register.simple_tag
def part(name: str, **what: Any) -> SafeString:
    """`{% part "mine/_rows" rows=rows %}`: what a page shows many times over, see `headway.web.parts`."""
    return draw(name, badge=standing_badge, marks=milestone_marks, day=day, **what)


ROW = (
    '<tr><td data-label="When"><time datetime="{iso}">{when}</time></td><td data-label="Whose">{side}</td>'
    '<td data-label="What">{what}{quote}</td><td data-label="Who">{who}</td>'
    '<td data-label="Recorded">{recorded}</td></tr>'
)
LONGEST_QUOTE = 240


@register.simple_tag
def history_rows(lines: Iterable[Line]) -> SafeString:
    """`{% history_rows p.lines %}`: the table twin of a deal's histories; every word of people is escaped."""
    rows = []
    row = str(shown(SafeString(ROW)))
    for line in lines:
        quote = line.quote if len(line.quote) <= LONGEST_QUOTE else f"{line.quote[:LONGEST_QUOTE]}…"
        after = (f", {line.by}" if line.by else "") + (f" · {told(line.grade)}" if line.grade else "")
        recorded = f"{day(line.recorded_at)}{after}"
        rows.append(
            row.format(
                iso=line.at.isoformat(),
                when=day(line.at),
                side=told(line.side_name),
                what=escape(told(line.what)),
                quote=f'<span class="quote-line">“{escape(quote)}”</span>' if quote else "",
                who=escape(line.who) or "–",
                recorded=escape(recorded),
            )
        )
    return mark_safe("".join(rows))  # noqa: S308  (escaped one by one)
