"""What pages of findings show, put together so that their templates only print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from headway.basics.figures import counted, percent_figure
from headway.basics.money import money_text
from headway.reviews.correction import AGE_EDGES, How, Look, Way, look_words, way_of
from headway.store.queries.access import Access
from headway.store.queries.corrections import Filters, FindingRow, Queue, may_correct, sees_all
from headway.store.queries.ended_findings import Ended
from headway.store.queries.finding_counts import AgeBand, Total
from headway.web.requests import Inside

OLDEST = 120  # days at which the drawn line ends
SELLERS_WAYS = (How.EXCEPTION, How.DATA)
SHORT = {How.COACHED: "Coached", How.PROCESS: "Process", How.EXCEPTION: "Exception", How.DATA: "Data fixed"}


@dataclass(frozen=True, slots=True)
class Row:
    """One open finding. `ways`: (number of its key, word, address) of how this person may end it."""

    deal: str
    deal_url: str
    what: str
    mend: str
    owner: str
    amount: str
    age: str
    line: SafeString
    is_old: bool
    ways: tuple[tuple[int, str, str], ...]
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule's open findings. `total`: in words, empty where it was not counted."""

    rule: str
    title: str
    total: str
    stake: str
    rows: tuple[Row, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class AgeLink:
    """One band of age as a link. `value`: of the address, empty where it is the one shown (a press takes it away)."""

    words: str
    count: int
    amount: float
    value: str
    current: bool
    bar: SafeString
    is_old: bool


@dataclass(frozen=True, slots=True)
class EndedRow:
    """One that ended: `how` and `by` in words, and what is known of it since."""

    title: str
    stage: str
    deal: str
    deal_url: str
    owner: str
    how: str
    by_itself: bool
    words: str
    who: str
    at: datetime
    open_for: str
    undone: bool
    key: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class CoachedRow:
    """What was agreed, and what the next deals showed. `changed`: empty before the day to look again."""

    title: str
    stage: str
    deal: str
    deal_url: str
    owner: str
    note: str
    by: str
    at: datetime
    look_again_on: date | None
    overdue: bool
    changed: str
    words: str
    before: str
    after: str
    picture: SafeString


def ways_for(access: Access, finding: FindingRow) -> tuple[How, ...]:
    """How this person may end it: a seller says that the data was wrong, or asks for an exception; who leads, all."""
    if not may_correct(access, finding):
        return ()
    return tuple(How) if sees_all(access) else SELLERS_WAYS


def group_rows(request: Inside, queue: Queue, today: datetime) -> tuple[Shown, ...]:
    """The groups of the queue, ready to print."""
    root = reverse("findings", kwargs={"w": request.access.workspace.key})
    deals = reverse("deals", kwargs={"w": request.access.workspace.key})
    back = quote(request.get_full_path())
    every = sees_all(request.access)
    return tuple(
        Shown(
            group.rule, group.title,
            _many(group.total),
            _stake(group.total.amount if group.total else 0.0, queue.currency),
            tuple(_row(request.access, row, today, root, deals, back, every) for row in group.rows), group.more,
        )
        for group in queue.groups
    )  # fmt: skip


def _row(access: Access, row: FindingRow, today: datetime, root: str, deals: str, back: str, every: bool) -> Row:
    url = f"{root}deals/{row.deal.key}/{row.mark}/"
    days = max(0, (today - row.first_seen_at).days) if row.first_seen_at else 0
    amount = money_text(float(row.deal.amount), row.deal.currency or None) if row.deal.amount is not None else ""
    ways = tuple(
        (number, SHORT[how], f"{url}?how={how.value}&back={back}")
        for number, how in enumerate(How, 1)
        if how in ways_for(access, row)
    )
    owner = (row.deal.owner.name if row.deal.owner else "nobody’s") if every else ""
    return Row(
        row.deal.name, f"{deals}{row.deal.key}/", row.what, row.mend, owner, amount, age_words(days), age_line(days),
        days >= AGE_EDGES[-1], ways, f"{url}?back={back}",
    )  # fmt: skip


def age_words(days: int) -> str:
    """today, 1 day, 34 days."""
    return "today" if days < 1 else counted(days, "day")


def age_line(days: int) -> SafeString:
    """The age as a line from today on, with a notch at each edge of the bands; an arrow where it is longer."""

    def place(length: float) -> float:
        return round(2 + 92 * min(1.0, math.sqrt(length / OLDEST)), 1)

    end = place(days)
    ticks = "".join(f'<path class="age-notch" d="M{place(edge)} 3v6"/>' for edge in AGE_EDGES)
    old = " old" if days >= AGE_EDGES[-1] else ""
    arrow = '<path class="age-tip old" d="M92 2l4 4-4 4"/>' if days > OLDEST else ""
    drawn = (
        f'<svg class="chart age-line" viewBox="0 0 100 12" width="100" height="12" aria-hidden="true">{ticks}'
        f'<path class="age-span{old}" d="M2 6H{end}"/>{arrow}'
        f'<circle class="age-end{old}" cx="{end}" cy="6" r="2.5"/></svg>'
    )
    return mark_safe(drawn)  # noqa: S308 (numbers only)


def age_links(ages: Sequence[AgeBand], filters: Filters) -> tuple[AgeLink, ...]:
    """The bands of age, each with a bar against the fullest."""
    most = max((band.count for band in ages), default=0) or 1
    links = []
    for number, band in enumerate(ages):
        width = round(100 * band.count / most, 1)
        bar = (
            '<svg class="chart age-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class="age-track" width="100" height="6"/><rect class="age-fill" width="{width}" height="6"/></svg>'
        )
        current = filters.age == number
        links.append(
            AgeLink(
                band.words, band.count, band.amount, "" if current else str(number), current,
                mark_safe(bar),  # noqa: S308 (numbers only)
                number == len(ages) - 1,
            )
        )  # fmt: skip
    return tuple(links)


def ended_rows(request: Inside, rows: Sequence[Ended]) -> tuple[EndedRow, ...]:
    """What ended, ready to print."""
    deals = reverse("deals", kwargs={"w": request.access.workspace.key})
    return tuple(_ended(request.access, one, deals) for one in rows)


def _ended(access: Access, one: Ended, deals: str) -> EndedRow:
    way: Way | None = way_of(one.how)
    mended = one.mender.words if one.mender else ""
    words = one.note or mended
    if not one.how:
        words = mended or "No longer found: what is recorded, or the process, has changed."
    days = (one.at - one.first_seen_at).days if one.first_seen_at else -1
    open_for = "" if days < 0 else "open under a day" if days < 1 else f"open {counted(days, 'day')}"
    may_open = bool(one.how) and not one.undone and not one.deal.outcome and access.may("correct")
    return EndedRow(
        one.title, one.stage, one.deal.name, f"{deals}{one.deal.key}/",
        one.deal.owner.name if one.deal.owner and sees_all(access) else "", way.title if way else "Mended itself",
        not one.how, words, one.by, one.at, open_for, one.undone, one.key,
        may_open and (sees_all(access) or (one.how in SELLERS_WAYS and access.owns(one.deal))),
    )  # fmt: skip


def coached_rows(request: Inside, rows: Sequence[Ended], today: date) -> list[CoachedRow]:
    """What was agreed, ready to print."""
    deals = reverse("deals", kwargs={"w": request.access.workspace.key})
    every = sees_all(request.access)
    return [
        CoachedRow(
            one.title, one.stage, one.deal.name, f"{deals}{one.deal.key}/",
            one.deal.owner.name if one.deal.owner and every else "", one.note, one.by, one.at, one.look_again_on,
            one.look is None and one.look_again_on is not None and one.look_again_on < today,
            one.look.changed.value if one.look else "", look_words(one.look) if one.look else "",
            *_shares(one.look), look_picture(one.look),
        )
        for one in rows
    ]  # fmt: skip


def _shares(look: Look | None) -> tuple[str, str]:
    if look is None:
        return "", ""
    before, after = look.shares
    return tuple(  # type: ignore[return-value]
        f"{share.done} of {share.n}" if share.value is not None else "none" for share in (before, after)
    )


def look_picture(look: Look | None) -> SafeString:
    """The share before and after, each a dot with its interval from none to all; empty without a look."""
    if look is None:
        return SafeString("")
    parts = []
    for y, share, name in ((9, look.shares[0], "before"), (23, look.shares[1], "after")):
        if share.value is None:
            parts.append(f'<path class="look-none" d="M4 {y}H156"/>')
            continue
        low, high, at = (round(4 + 152 * value, 1) for value in (share.low, share.high, share.value))
        ends = f"{percent_figure(share.low)} to {percent_figure(share.high)}"
        said = f"{name}: {percent_figure(share.value)}, at 95 % {ends}"
        parts.append(
            f'<g class="look-{name}"><title>{said}</title><path class="look-axis" d="M4 {y}H156"/>'
            f'<path class="look-span" d="M{low} {y}H{high}"/><circle cx="{at}" cy="{y}" r="4"/></g>'
        )
    frame = '<svg class="chart look" viewBox="0 0 160 32" width="160" height="32" aria-hidden="true">'
    return mark_safe(f"{frame}{''.join(parts)}</svg>")  # noqa: S308 (numbers only)


def _many(total: Total | None) -> str:
    return f"{counted(total.findings, 'finding')} on {counted(total.deals, 'deal')}" if total else ""


def _stake(amount: float, currency: str) -> str:
    return f"{money_text(amount, currency or None)} at stake" if amount else ""
