"""Where a deal ends, by the newest analysis: its chances, what moves them, what would have to come true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.safestring import SafeString, mark_safe

from headway.basics.figures import percent_figure, points_said
from headway.charts.weeks_ahead import weeks_ahead
from headway.forecast.deal_rows import WEEKS
from headway.forecast.forecast_json import deal_from_json
from headway.forecast.value import BASE_RATE, Chance, DealForecast, Fact, LikelyWeek, ToCome, Week
from headway.store.queries.deal_chances import DealSaid, find_said_of
from headway.store.queries.deal_page import DealRow
from headway.web.deals.picture import DealPicture

NAMES = {"won": "Won", "lost": "Lost", "no_decision": "No decision", "open": "Still open"}


@dataclass(frozen=True, slots=True)
class EndView:
    """One way to end, within the weeks shown: `percent` and its 80 % range, in words."""

    kind: str
    name: str
    percent: str
    range: str


@dataclass(frozen=True, slots=True)
class FactView:
    """What moves the chance: a sentence, by how much, and whether `up` or `down`; empty where by less than a point."""

    sentence: str
    points: str
    turn: str


@dataclass(frozen=True, slots=True)
class ToComeView:
    """What would have to come true. `done`: shown by now, since the analysis. `record`: the sheet's milestone, if any.

    `ask`: what to put to the buyer; only of the first that is open. `in_mail`: the mail that is ready asks the same.
    """

    buyer: str
    who: str
    by: str
    late: bool
    done: bool
    record: str
    ask: str
    in_mail: bool


@dataclass(frozen=True, slots=True)
class WeekView:
    """A row of the picture's table twin."""

    on: date
    won: str
    range: str
    lost: str
    no_decision: str


@dataclass(frozen=True, slots=True)
class ForecastView:
    """Everything that the panel says. `headline` empty: nothing is known of how deals end here.

    `until`: the last day of the weeks shown. `changed`: something was recorded since, and is not in it.
    """

    headline: str
    range: str
    from_base_rate: bool
    stalled: bool
    until: date
    ends: tuple[EndView, ...]
    picture: SafeString
    weeks: tuple[WeekView, ...]
    likely: str
    facts: tuple[FactView, ...]
    to_come: tuple[ToComeView, ...]
    limits: tuple[str, ...]
    as_of: datetime | None
    changed: bool


def forecast_of(deal: DealRow, picture: DealPicture) -> ForecastView | None:
    """The panel of an open deal; None where nothing was forecast of it."""
    stored = find_said_of(deal)
    if stored is None:
        return None
    try:
        said = deal_from_json(stored.text)
    except ValueError:  # of another version: the next analysis writes it anew
        return None
    return forecast_view(said, stored, picture, deal.touched_at)


def forecast_view(
    said: DealForecast, stored: DealSaid, picture: DealPicture, touched_at: datetime | None
) -> ForecastView:
    """Work it out. Nothing here reads the database or the clock."""
    today = stored.as_of.date() if stored.as_of else date.min
    until = said.weeks[-1].ends_on if said.weeks else today + timedelta(days=WEEKS[-1])
    begun = stored.started_at
    return ForecastView(
        headline=_headline(said, stored.ends_on, until),
        range=_range(said.by_end or said.won),
        from_base_rate=said.basis == BASE_RATE,
        stalled=said.stalled,
        until=until,
        ends=_ends(said),
        picture=_picture(said, today, stored.ends_on),
        weeks=tuple(_week(week) for week in said.weeks),
        likely=_likely(said.likely, today),
        facts=tuple(_fact(fact) for fact in said.facts),
        to_come=_to_come(said.to_come, picture, today),
        limits=tuple(_sentence(limit) for limit in said.limits),
        as_of=stored.as_of,
        changed=begun is not None and touched_at is not None and touched_at > begun,
    )


def _headline(said: DealForecast, ends_on: date | None, until: date) -> str:
    """As a count of deals: easier to grasp than a chance, and it speaks of the deal, not of who works on it.

    Where the period is over, of the weeks shown.
    """
    chance = said.by_end or said.won
    if chance is None:
        return ""
    on = ends_on if said.by_end else until
    by = f"by {_near(on, None)}" if on else "by the end of the period"
    figure = percent_figure(chance.value)
    alike = "open deals" if said.basis == BASE_RATE else "deals like this one"
    return f"Of 100 {alike}, {figure if figure[0] in 'uo' else f'about {figure}'} are won {by}."


def _range(chance: Chance | None) -> str:
    return "" if chance is None else f"{percent_figure(chance.low)} to {percent_figure(chance.high)}"


def _ends(said: DealForecast) -> tuple[EndView, ...]:
    """Won, lost and no decision within the weeks shown, and what is left."""
    chances = (said.won, said.lost, said.no_decision)
    ends = tuple(
        EndView(kind, NAMES[kind], f"{percent_figure(chance.value)} %", _range(chance))
        for kind, chance in zip(("won", "lost", "no_decision"), chances, strict=True)
        if chance is not None
    )
    left = 1 - sum(chance.value for chance in chances if chance)
    if ends and left >= 0.005:
        ends += (EndView("open", NAMES["open"], f"{percent_figure(left)} %", ""),)
    return ends


def _picture(said: DealForecast, today: date, ends_on: date | None) -> SafeString:
    if not said.weeks:
        return SafeString("")
    drawn = weeks_ahead(said.weeks, today, ends_on=ends_on, title="How it ends, week by week", height=150)
    return mark_safe(drawn)  # noqa: S308  (of our own making, from numbers and days)


def _week(week: Week) -> WeekView:
    return WeekView(
        week.ends_on, f"{percent_figure(week.won.value)} %", _range(week.won),
        f"{percent_figure(week.lost)} %", f"{percent_figure(week.no_decision)} %",
    )  # fmt: skip


def _likely(likely: LikelyWeek | None, today: date) -> str:
    """A range, for no single day deserves to be believed."""
    if likely is None:
        return ""
    return f"between {_near(likely.low_on, today)} and {_near(likely.high_on, today)}"


def _fact(fact: Fact) -> FactView:
    moved = round(100 * fact.points)
    return FactView(_sentence(fact.sentence), points_said(fact.points), "up" if moved > 0 else "down" if moved else "")


def _to_come(those: tuple[ToCome, ...], picture: DealPicture, today: date) -> tuple[ToComeView, ...]:
    """In their order; what was shown since the analysis counts as done."""
    proofs = {proof.milestone.id: proof for proof in picture.standing.proofs} if picture.standing else {}
    views, asked = [], False
    for one in those:
        proof = proofs.get(one.milestone)
        done = proof is not None and proof.holds
        ask = "" if done or asked else one.ask
        asked = asked or not done
        views.append(
            ToComeView(
                buyer=_sentence(one.buyer), who=one.who, by=_near(one.by_on, today), late=one.late and not done,
                done=done, record=one.milestone if proof is not None else "", ask=ask,
                in_mail=bool(ask) and picture.question is not None and picture.question.about == one.milestone,
            )
        )  # fmt: skip
    return tuple(views)


def _near(on: date, today: date | None) -> str:
    """`13 Jul`, with the year where it is another than today's."""
    return f"{on.day} {on:%b}" if today is None or on.year == today.year else f"{on.day} {on:%b %Y}"


def _sentence(words: str) -> str:
    text = f"{words[:1].upper()}{words[1:]}"
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
