# ruff: noqa: E501 - tables of made-up figures read better in long lines
"""Forecasts made by hand, to look at pages and pictures without fitting a model: chosen figures that hang together."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from headway.basics.money import money_text
from headway.forecast.value import (
    BASE_RATE,
    MODEL,
    NOTHING,
    Chance,
    DealForecast,
    Fact,
    FanDay,
    Forecast,
    LikelyWeek,
    Moved,
    Period,
    Piece,
    ToCome,
    Total,
    Week,
)
from headway.verdict.value import Interval
from tests.forecast.sample_backtest import CELLS, WEIGHTS, sample_backtest

AS_OF = datetime(2026, 5, 31, 23, 59, 59, 999999, tzinfo=UTC)
QUARTER = Period("Q2 2026", date(2026, 4, 1), date(2026, 6, 30))
PROCESS = "New business"
STAGES = ("Discovery", "Evaluation", "Business case", "Negotiation", "Signature")
STAGE_RATES = (0.18, 0.31, 0.44, 0.62, 0.83)
BASE = 0.27
TEAMS = {"A. Novak": "North", "B. Okafor": "North", "C. Lindqvist": "North", "D. Moreau": "South", "E. Tanaka": "South"}
SEGMENTS = ("Enterprise", "Mid-market", "Public")
NAMED = (
    "Alder Optics – inspection line", "Brenner Foods – lab rollout", "Castell Logistics – service contract",
    "Dorado Hospital Group – sensor upgrade", "Elbe Pumps – pilot plant", "Fjord Rail – inspection line",
    "Garrick Insurance – service contract", "Hallmark Packaging – sensor upgrade", "Ister Optics – lab rollout",
    "Juniper Foods – pilot plant", "Kestrel Logistics – inspection line", "Lumen Rail – lab rollout",
)  # fmt: skip
CONTACTS = ("Ines Castell (economic buyer)", "Paul Dorado (champion)", "Mira Elbe (procurement)", "Jon Fjord (legal)")
TO_COME = (
    ("The problem is named", "The buyer names the problem internally", "Discovery", "Who besides you has called this a problem, and to whom?"),
    ("A figure is put on it", "The buyer puts a figure on the problem", "Evaluation", "What does it cost you per month, and who worked that out?"),
    ("The budget is secured", "Someone with authority secures the budget", "Business case", "Who has to say yes to this sum, and have they?"),
    ("Everyone has seen it", "Everyone who can say no has seen the proposal", "Negotiation", "Who could still stop this, and what have they seen?"),
    ("The paper is agreed", "The buyer sends their contract comments", "Signature", "Which steps does your paper take, and on which days?"),
)  # fmt: skip
STALLED_AT, UNPRICED_AT, BASE_RATE_AT, LATE_AT = 2, 5, 7, 4
WEEKS = 13


def sample_forecast(deals: int = 12, seed: int = 0) -> Forecast:
    """As of 31 May 2026, for the second quarter; every field is filled. Deals: the largest expected amount first.

    The third one made is stalled, the fifth has a close date in the past, the sixth no amount, the eighth rests on the
    base rate.
    """
    drawn = random.Random(seed)
    made = sorted((_deal(place, drawn) for place in range(deals)), key=lambda deal: (-deal.expected, deal.id))
    return _around(tuple(made))


def without_model(deals: int = 12) -> Forecast:
    """Too few decided deals: one chance for every deal, that of all past deals open like it."""
    drawn = random.Random(1)
    limit = "the model needs 30 decided deals, so this is the share of all past deals open as long"
    made = tuple(_on_base_rate(_deal(place, drawn), limit) for place in range(deals))
    made = tuple(sorted(made, key=lambda deal: (-deal.expected, deal.id)))
    whole = _around(made)
    return dataclasses.replace(
        whole, basis=BASE_RATE, decided=14, fan=(), moved=None, backtest=None, cells=(), weights=(),
        groups=tuple(dataclasses.replace(group, covered=None) for group in whole.groups),
        total=dataclasses.replace(whole.total, covered=None),
        reason="14 deals have been decided; a model is fitted from 30 on, so about 16 more are needed.",
        sentence=f"Each open deal is given the same chance, {100 * BASE:.0f} of 100, that of all 14 decided deals; it tells no deal from another.",
    )  # fmt: skip


def empty_forecast() -> Forecast:
    """Open deals, and none that was ever decided: no chance is known of any."""
    drawn = random.Random(2)
    made = tuple(
        dataclasses.replace(
            _deal(place, drawn), basis=NOTHING, won=None, lost=None, no_decision=None, by_end=None, weeks=(),
            likely=None, facts=(), to_come=(), stalled=False, limits=(),
        )
        for place in range(3)
    )  # fmt: skip
    booked = 0.0
    open_amount = sum(deal.amount or 0.0 for deal in made)
    total = Total("all", "All deals", booked, 0, 3, open_amount, 0, 0.0, 0.0, 0.0, 0.0, None, None, None)
    return Forecast(
        AS_OF, QUARTER, "EUR", NOTHING, "No chance can be given yet: no deal has been decided.",
        "No deal has been decided, so nothing is known of how deals end here.", 0, total, (), made, (), None, None,
    )  # fmt: skip


def huge_forecast() -> Forecast:
    """2,000 open deals with long and hostile names, forty owners, many segments."""
    whole = sample_forecast(2000, seed=3)
    long = ("Donaudampfschifffahrtsgesellschaftskapitänsmützenverwaltungsrahmenvertragsverlängerung", "<script>alert('x')</script> & Söhne \"GmbH\"",
            "شركة الابتكار للحلول المتقدمة – تجديد العقد", "🚀🦄 Moonshot 👩‍👩‍👧‍👦 rollout", "a" * 180, "株式会社北海道精密計測・全社導入プロジェクト")  # fmt: skip
    deals = tuple(
        dataclasses.replace(
            deal, name=f"{long[place % 6]} {place}", id=f"{deal.id}/ø \"'<&", account=long[(place + 1) % 6],
            owner=f"{long[(place + 2) % 6][:60]} {place % 40}", segment=f"{long[(place + 3) % 6][:80]} {place % 23}",
            amount=None if deal.amount is None else deal.amount * 1e4,
        )
        for place, deal in enumerate(whole.deals)
    )  # fmt: skip
    return dataclasses.replace(
        _around(deals, scale=1e4), other_currency_deals=17, without_process=41, limits=(*whole.limits, long[0])
    )


def full_fan(weeks: int = WEEKS) -> tuple[FanDay, ...]:
    """Every week of the quarter, as it looks when it is over: the range narrows to what was booked."""
    first = QUARTER.starts_on + timedelta(days=4)
    return _fan([first + timedelta(weeks=week) for week in range(weeks)], 2_400_000.0, 0.0, 1.0)


def _around(deals: tuple[DealForecast, ...], scale: float = 1.0) -> Forecast:
    booked, won = 412_500.0 * scale, 9
    total = _total("all", "All deals", deals, booked, won)
    moved = _moved(deals, total.mean)
    return Forecast(
        as_of=AS_OF, period=QUARTER, currency="EUR", basis=MODEL,
        sentence=(
            f"{len(deals):,} open deals bring {money_text(total.low, 'EUR')} to {money_text(total.high, 'EUR')} by 30 June with what is booked, most likely about "
            f"{money_text(total.middle, 'EUR')}; in the past 11 such ranges held 9 times."
        ),
        reason="", decided=460, total=total, groups=_groups(deals, booked), deals=deals, fan=_usual_fan(total), moved=moved,
        backtest=sample_backtest(), cells=CELLS, weights=WEIGHTS, other_currency_deals=2, without_process=3,
        limits=("2 deals in another currency are counted and not summed.", "3 deals match no process and are left out."),
    )  # fmt: skip


def _deal(place: int, drawn: random.Random) -> DealForecast:
    rank = drawn.choices(range(5), (4, 5, 4, 4, 3))[0]
    evidenced = max(-1, rank - drawn.choices((0, 1, 2), (5, 3, 2))[0])
    silence = min(int(drawn.expovariate(1 / 12)), 90)
    owner = sorted(TEAMS)[place % len(TEAMS)]
    name = NAMED[place % 12] + (f" {place // 12 + 1}" if place >= 12 else "")
    stalled = place % 12 == STALLED_AT
    if stalled:
        rank, evidenced, silence = 1, 0, 47
    won = 0.07 if stalled else min(max(0.12 + 0.17 * (evidenced + 1) - 0.005 * silence, 0.03), 0.95)
    quiet = 0.61 if stalled else (1 - won) * (0.25 + 0.004 * silence)
    lost = max(1 - won - quiet, 0.01) * 0.8
    pace = 8.0 if stalled else 9.0 - 1.4 * max(evidenced, 0)
    weeks = _weeks(won, lost, quiet, pace)
    amount = round(math.exp(drawn.gauss(10.8, 0.7)), -2)
    past = place % 12 == LATE_AT
    made = DealForecast(
        id=f"D-{1000 + place}", name=name, account=name.split(" – ")[0], owner=owner, team=TEAMS[owner],
        segment=SEGMENTS[place % 3], process=PROCESS, claimed=STAGES[rank], evidenced=STAGES[evidenced] if evidenced >= 0 else None,
        amount=None if place % 12 == UNPRICED_AT else amount, closes_on=AS_OF.date() + timedelta(days=-11 if past else 12 + 5 * (place % 12)),
        silence_days=silence, basis=MODEL, won=_chance(won), lost=_chance(lost), no_decision=_chance(quiet),
        by_end=weeks[3].won, weeks=weeks, likely=_likely(pace), facts=_facts(silence, rank, evidenced, stalled),
        to_come=_to_come(max(evidenced, -1), owner, place), stalled=stalled,
        limits=("the close date lies in the past",) if past else ("no amount: counted, not summed",) if place % 12 == UNPRICED_AT else (),
    )  # fmt: skip
    if place % 12 != BASE_RATE_AT:
        return made
    unknown = dataclasses.replace(made, claimed="Legal review", evidenced=None)
    return _on_base_rate(unknown, "its stage, Legal review, was never seen before")


def _on_base_rate(deal: DealForecast, limit: str) -> DealForecast:
    weeks = _weeks(BASE, 0.33, 0.24, 7.0)
    return dataclasses.replace(
        deal, basis=BASE_RATE, won=_chance(BASE, 0.12), lost=_chance(0.33, 0.12), no_decision=_chance(0.24, 0.12),
        by_end=weeks[3].won, weeks=weeks, likely=None, facts=(), stalled=False, limits=(*deal.limits, limit),
    )  # fmt: skip


def _chance(value: float, half: float | None = None) -> Chance:
    half = 0.25 * math.sqrt(value * (1 - value)) if half is None else half
    return Chance(value, max(value - half, 0.0), min(value + half, 1.0))


def _weeks(won: float, lost: float, quiet: float, pace: float) -> tuple[Week, ...]:
    def by(week: int, slower: float = 1.0) -> float:
        return (1 - math.exp(-week / (pace * slower))) / (1 - math.exp(-WEEKS / (pace * slower)))

    return tuple(
        Week(AS_OF.date() + timedelta(weeks=week), _chance(won * by(week)), lost * by(week), quiet * by(week, 2.5))
        for week in range(1, WEEKS + 1)
    )


def _likely(pace: float) -> LikelyWeek:
    today = AS_OF.date()
    low, middle, high = (today + timedelta(days=round(7 * part * pace)) for part in (0.25, 0.7, 1.6))
    return LikelyWeek(middle, low, min(high, today + timedelta(weeks=WEEKS)))


def _facts(silence: int, rank: int, evidenced: int, stalled: bool) -> tuple[Fact, ...]:
    past, won = (41, 2) if stalled else (64, 30 - min(silence, 28))
    ahead = "where the buyer is" if rank == evidenced else "ahead of the buyer"
    shown = STAGES[evidenced] if evidenced >= 0 else "nothing yet"
    return (
        Fact("silence", f"silent for {silence} days: of {past} past deals silent this long at this stage, {won} were won", -0.21 if stalled else 0.09 - 0.01 * silence, past, won),
        Fact("evidence", f"the buyer has shown {shown}: of 88 past deals that far, {22 + 9 * evidenced} were won", -0.04 + 0.06 * evidenced, 88, 22 + 9 * evidenced),
        Fact("claim", f"claimed at {STAGES[rank]}, {ahead}: of 37 past deals like it, 9 were won", -0.05 * (rank - evidenced), 37, 9),
    )  # fmt: skip


def _to_come(evidenced: int, owner: str, place: int) -> tuple[ToCome, ...]:
    today = AS_OF.date()
    return tuple(
        ToCome(name, buyer, stage, CONTACTS[(place + step) % 4] if step % 2 == 0 else owner, today + timedelta(days=9 * step - 4), step == 0, ask)
        for step, (name, buyer, stage, ask) in enumerate(TO_COME[evidenced + 1 :])
    )  # fmt: skip


def _total(kind: str, name: str, deals: Sequence[DealForecast], booked: float, won: int) -> Total:
    """The middle a little below the mean, the spread with a shock that all deals share."""
    mean = booked + sum(deal.expected for deal in deals)
    alone = sum(
        (deal.amount or 0.0) ** 2 * p * (1 - p) for deal in deals if (p := deal.by_end.value if deal.by_end else 0.0)
    )
    spread = 1.28 * math.sqrt(alone + (0.18 * (mean - booked)) ** 2)
    weighted = sum(
        (deal.amount or 0.0) * STAGE_RATES[STAGES.index(deal.claimed)] for deal in deals if deal.claimed in STAGES
    )
    open_amount = sum(deal.amount or 0.0 for deal in deals)
    return Total(
        kind, name, booked, won, len(deals), open_amount, sum(deal.amount is None for deal in deals),
        max(mean - spread, booked), max(mean - 0.04 * spread, booked), mean + 1.06 * spread, mean,
        booked + weighted, booked + BASE * open_amount, Interval(0.818, 0.523, 0.949, 11) if kind == "all" else None,
        () if len(deals) > 5 else ("so few deals: the sum is noise; look at the single deals",),
    )  # fmt: skip


def _groups(deals: Sequence[DealForecast], booked: float) -> tuple[Total, ...]:
    keys: dict[str, Callable[[DealForecast], str | None]] = {
        "team": lambda deal: deal.team,
        "segment": lambda deal: deal.segment,
        "owner": lambda deal: deal.owner,
    }
    made = []
    for kind, key in keys.items():
        names = sorted({name for deal in deals if (name := key(deal)) is not None})
        for place, name in enumerate(names):
            part, rest = divmod(9, len(names))
            won = part + (1 if place < rest else 0)
            mine = [deal for deal in deals if key(deal) == name]
            made.append(_total(kind, name, mine, round(booked * won / 9, 2), won))
    return tuple(made)


def _usual_fan(total: Total) -> tuple[FanDay, ...]:
    days = [QUARTER.starts_on + timedelta(days=4 + 7 * week) for week in range(9)]
    made = _fan(days, total.middle, 0.0, total.booked / max(total.middle, 1.0))
    first = dataclasses.replace(made[0], low=None, middle=None, high=None)
    last = FanDay(days[-1], total.booked, total.low, total.middle, total.high, total.stage_weighted)
    return (first, *made[1:-1], last)


def _fan(days: Sequence[date], end: float, start: float, booked_end: float) -> tuple[FanDay, ...]:
    drawn = random.Random(7)
    made = []
    for place, day in enumerate(days):
        part = (place + 1) / len(days)
        middle = end * (1 + 0.16 * (1 - part) * math.sin(2.2 * place) + 0.05 * (1 - part))
        booked = end * (start + (booked_end - start) * part**1.6)
        half = 0.42 * end * (1 - booked_end * part**1.5) * (0.9 + 0.2 * drawn.random())
        made.append(
            FanDay(
                day,
                booked,
                max(middle - half, booked),
                max(middle, booked),
                max(middle + 1.1 * half, booked),
                1.38 * middle,
            )
        )
    return tuple(made)  # fmt: skip


def _moved(deals: Sequence[DealForecast], after: float) -> Moved:
    """The last week: pieces in cents, so that they add up to the cent."""
    scale = max(sum(deal.amount or 0.0 for deal in deals), 1.0) / 100
    told = (
        ("evidence", 1.9, "the buyer put a figure on the problem on 26 May (their mail)"),
        ("silence", -2.6, "no buyer act since 14 April"),
        ("amount", 0.7, "the amount went from €48 k to €61 k on 28 May"),
        ("date", -1.1, "the close date moved from 19 June to 14 July"),
        ("won", 1.4, "won on 27 May"),
        ("lost", -1.2, "lost on 29 May: chose another"),
        ("new", 0.9, "new since 25 May"),
        ("lapsed", -0.5, "the proof of the budget lapsed on 30 May"),
        ("silence", -0.8, "11 days silent where a week is usual"),
        ("time", -0.3, "a week less until the end of the quarter"),
    )
    pieces = tuple(
        Piece(deals[place % len(deals)].id, deals[place % len(deals)].name, cause, round(size * scale, 2), why, (120 + 7 * place,))
        for place, (cause, size, why) in enumerate(told)
    )  # fmt: skip
    sums: dict[str, list[float]] = {}
    for piece in pieces:
        sums.setdefault(piece.cause, []).append(piece.amount)
    causes = sorted(
        ((cause, round(sum(found), 2), len(found)) for cause, found in sums.items()), key=lambda one: -abs(one[1])
    )
    after = round(after, 2)
    before = round(after - sum(amount for _, amount, _ in causes), 2)
    return Moved(AS_OF.date() - timedelta(days=7), AS_OF.date(), before, after, tuple(causes), pieces)
