"""Figures as the team's pages say them: a headline, or a line of a table with its mark, its interval and its deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from headway.basics.money import money_text
from headway.charts.marks import amount_mark, difference_mark, share_mark
from headway.report.words import count_text, counted, interval_text, percent_text
from headway.store.queries.team import DealRow
from headway.web.parts import draw

Told = Mapping[str, Any]
UNKNOWN = "Unknown"
NOTHING = SafeString("")
Link = Callable[[str], str]  # from the name of a figure to the address of its deals; empty for none


@dataclass(frozen=True, slots=True)
class Head:
    """A headline: what it is about, the figure, what it rests on, where its deals are."""

    title: str
    big: str
    grounds: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. `figure` leads to `url`; `grounds`: its interval and n, or what else stands beside it."""

    label: str
    figure: str
    grounds: str = ""
    mark: SafeString = NOTHING
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under one heading: the marks are the picture, the figures beside them its table twin."""

    caption: str
    label: str
    mark: str
    figure: str
    lines: tuple[Line, ...]
    grounds: str = "Interval and n"

    @property
    def drawn(self) -> SafeString:
        """As HTML."""
        return draw("team/_table", table=self)


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal behind a figure, as it stands now."""

    key: str
    name: str
    sub: str
    amount: str
    stages: str
    gap: str
    gap_css: str
    standing: str
    outcome: str
    silence: str
    findings: tuple[str, ...] = ()


def percent_line(label: str, share: Told | None, *, url: str = "", note: str = "", counts: str = "") -> Line:
    """A share with its interval. `counts` stands for n where it says more: `120 of 146`."""
    if share is None:
        return Line(label, UNKNOWN, note or "nothing of it fell due yet", url=url)
    n = counts or f"n {count_text(share['n'])}"
    mark = SafeString(share_mark(share["value"], share["low"], share["high"]))
    return Line(
        label, percent_text(share["value"]), f"{interval_text(share['low'], share['high'])}, {n}", mark, url, note
    )


def kept_lines(rows: list[Told], link: Link) -> tuple[Line, ...]:
    """`Kept`s as lines: how many times of how many, and on how many deals where that is another number."""
    return tuple(
        percent_line(row["label"], row["share"], url=link(row["behind"]), note=row["process"], counts=_counts(row))
        for row in rows
    )


def _counts(row: Told) -> str:
    counts = f"{count_text(row['kept'])} of {count_text(row['due'])}"
    return counts if row["deals"] == row["due"] else f"{counts} on {counted(row['deals'], 'deal')}"


def money_figure(money: Told, currency: str | None) -> tuple[str, str]:
    """(figure, what it rests on) of an inflation."""
    if money["value"] is None:
        if not money["deals"]:
            return money_text(0.0, currency), "no claim is ahead of its buyer"
        more = f", about {count_text(money['more'])} more decided deals needed" if money["more"] else ""
        return UNKNOWN, f"{counted(money['deals'], 'deal')} ahead{more}"
    low, high = money_text(money["low"], currency), money_text(money["high"], currency)
    known, every = count_text(money["told"]), count_text(money["deals"])
    of = f"{known} of {every}" if money["told"] < money["deals"] else every
    deals = "deal" if money["deals"] == 1 else "deals"
    return money_text(money["value"], currency), f"{low} to {high}, {of} {deals}, n {count_text(money['n'])}"


def money_lines(rows: list[Told], currency: str | None, link: Link) -> tuple[Line, ...]:
    """Inflation by claimed stage, all on one scale from a common zero."""
    ends = [abs(row["money"][end] or 0.0) for row in rows for end in ("value", "low", "high")]
    reach = max([*ends, 1.0])
    lines = []
    for row in rows:
        money = row["money"]
        figure, grounds = money_figure(money, currency)
        mark = SafeString("")
        if money["value"] is not None:
            mark = SafeString(difference_mark(money["value"], reach, low=money["low"], high=money["high"]))
        lines.append(Line(row["stage"], figure, grounds, mark, link(row["behind"])))
    return tuple(lines)


def silence_lines(silence: Told, currency: str | None, link: Link) -> tuple[Line, ...]:
    """Open deals by silence, and how past deals that were as silent ended."""
    most = max([*(band["deals"] for band in silence["bands"]), silence["unknown"], 1])
    lines = []
    for band in silence["bands"]:
        past = band["past"]
        grounds = UNKNOWN.lower()
        if past is not None:
            interval = interval_text(past["low"], past["high"])
            grounds = f"{percent_text(past['value'])} ({interval}, n {count_text(past['n'])})"
        lines.append(
            Line(
                span_words(band["from_days"], band["to_days"]), count_text(band["deals"]), grounds,
                SafeString(amount_mark(band["deals"], most)), link(band["behind"]),
                money_text(band["amount"], currency) if band["deals"] else "",
            )
        )  # fmt: skip
    unknown = silence["unknown"]
    url = link("silence:unknown") if unknown else ""
    mark = SafeString(amount_mark(unknown, most, css="hollow"))
    lines.append(Line("Never heard", count_text(unknown), "no buyer act observed", mark, url))
    return tuple(lines)


def age_lines(ages: Told, link: Link) -> tuple[Line, ...]:
    """Open findings by how long they have stood."""
    most = max([*(band["findings"] for band in ages["bands"]), 1])
    return tuple(
        Line(
            span_words(band["from_days"], band["to_days"]), count_text(band["findings"]),
            counted(band["deals"], "deal"), SafeString(amount_mark(band["findings"], most)),
            link(band["behind"]),
        )
        for band in ages["bands"]
    )  # fmt: skip


def rule_lines(ages: Told, link: Link) -> tuple[Line, ...]:
    """The same by rule, with the age of the one in the middle."""
    most = max([*(row["findings"] for row in ages["rules"]), 1])
    return tuple(
        Line(
            row["title"], count_text(row["findings"]),
            f"{counted(row['deals'], 'deal')}, {row['median_days']:.0f} days",
            SafeString(amount_mark(row["findings"], most)), link(row["behind"]),
        )
        for row in ages["rules"]
    )  # fmt: skip


def span_words(first: int, last: int | None) -> str:
    """`7 to 14 days`; `Under 7 days`; `90 days or more`."""
    if last is None:
        return f"{first} days or more"
    return f"Under {last} days" if first == 0 else f"{first} to {last} days"


def silent_head(silence: Told, link: Link) -> Head:
    """How many buyers are silent for longer than is usual."""
    heard = sum(band["deals"] for band in silence["bands"])
    limit = f"{silence['limit_days']:.0f} days"
    url = link("silence:over") if silence["over"] else ""
    unknown = f"; of {count_text(silence['unknown'])} more nothing is known" if silence["unknown"] else ""
    buyers = counted(heard, "buyer")
    grounds = (
        f"of {buyers} silent longer than is usual for you ({limit}){unknown}"
        if silence["limit_from"] == "own past"
        else f"of {buyers} silent longer than {limit}{unknown}"
    )
    return Head("Silence", count_text(silence["over"]), grounds, url)


def deal_line(
    deal: DealRow, at: datetime, stages: Mapping[int, tuple[str, ...]], found: tuple[str, ...] = ()
) -> DealLine:
    """A deal as a row says it. `stages`: by process version."""
    names, rank = stages.get(deal.version_id or 0, ()), deal.evidenced_rank
    evidenced = "not observed" if rank is None else names[rank - 1] if 0 < rank <= len(names) else "nothing yet"
    gap = deal.gap or 0
    silence = ""
    if not deal.outcome and deal.last_buyer_act_at is not None:
        days = max((at - deal.last_buyer_act_at).days, 0)
        silence = f"silent {days} d" if days else "heard today"
    account = f"{deal.account} · " if deal.account and deal.account not in deal.name else ""
    return DealLine(
        deal.key, deal.name, f"{account}{deal.owner.name if deal.owner else 'nobody'}",
        money_text(float(deal.amount), deal.currency) if deal.amount is not None else "no amount",
        f"{deal.claimed or 'nothing'} claimed, {evidenced}{' evidenced' if rank is not None else ''}",
        f"+{gap}" if gap > 0 else f"−{-gap}" if gap < 0 else "", "ahead" if gap > 0 else "behind",
        deal.standing, deal.outcome, silence, found,
    )  # fmt: skip
