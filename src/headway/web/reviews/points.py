"""A point of an agenda as its page shows it: evidence first, then the seller's account, then what can be pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from headway.basics.money import money_text
from headway.reviews.agenda_deal import AgendaDeal
from headway.reviews.agenda_letter import last_act_words
from headway.reviews.decisions import CHANCES
from headway.reviews.kinds import Held, Question
from headway.reviews.minutes import DISPUTE, Said, minutes_words
from headway.store.queries.access import Access
from headway.store.queries.agenda_page import AgendaPoint, Called
from headway.store.queries.reviews import ReviewRow
from headway.web.shell import find_url

CLAIMS = "Claims "  # how the finding of an unproven claim begins: the line on where the buyer is says the same
MOST_OPEN = 12  # more are folded: one line each until pressed
PERCENTS = tuple(round(100 * chance) for chance in CHANCES)


@dataclass(frozen=True, slots=True)
class Fix:
    """Where something can be mended, as a sheet over the page."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class PointShown:
    """`facts`: label and text, evidence first. `typed`, `problems`: of a form that was sent and refused.

    `calls`: shown only once they are open; `own_call` to its maker at once. `fold`: one line until pressed.
    """

    point: AgendaPoint
    number: int
    minutes: str
    money: str
    where: str
    silence: str
    last_act: str
    ahead: bool
    account: Said | None
    said: tuple[Said, ...]
    disputes: tuple[Said, ...]
    findings: tuple[str, ...]
    disputable: tuple[str, ...]
    fixes: tuple[Fix, ...]
    may_answer: bool
    may_call: bool
    may_take_off: bool
    own_call: Called | None
    calls: tuple[Called, ...]
    chance: str
    fold: bool
    typed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def deal(self) -> AgendaDeal | None:
        """What the agenda knows of the deal; None for a topic."""
        return self.point.deal


def shown_points(
    access: Access, review: ReviewRow, points: Sequence[AgendaPoint], refused: dict[str, dict[str, Any]] | None = None
) -> list[PointShown]:
    """All of them. `refused`: item key to {"typed", "problems"} of a form that could not be taken."""
    any_mine = any(point.mine for point in points)
    shown = []
    for number, point in enumerate(points, 1):
        again = (refused or {}).get(point.item.key, {})
        unfold = bool(again) or (not point.settled and (point.mine or (not any_mine and number <= MOST_OPEN)))
        shown.append(_shown(access, review, point, number, fold=not unfold, **again))
    return shown


def may_answer(access: Access, point: AgendaPoint) -> bool:
    """Whether they speak for this deal: its seller, or whoever leads or runs operations."""
    return access.may("review") and (access.role != "seller" or point.mine)


def _shown(access: Access, review: ReviewRow, point: AgendaPoint, number: int, *, fold: bool, **again: Any) -> Any:
    deal, due = point.deal, review.state == Held.DUE
    speaks = due and may_answer(access, point)
    leads = access.person.pk == review.leader_id
    opened = point.item.calls_opened_at is not None or review.closed_at is not None
    row = point.item.deal
    calls = deal is not None and row is not None and not row.outcome and review.state in (Held.DUE, Held.RUNNING)
    return PointShown(
        point=point,
        number=number,
        minutes=minutes_words(point.item.minutes),
        money=money_text(deal.amount, deal.currency) if deal and deal.amount is not None else "",
        where=where_words(deal) if deal else "",
        silence=silence_words(deal) if deal else "",
        last_act=_capital(last_act_words(deal)) if deal else "",
        ahead=bool(deal and deal.gap and deal.gap > 0),
        account=next((said for said in point.said if said.question == Question.ACCOUNT), None),
        said=tuple(said for said in point.said if said.question not in (Question.ACCOUNT, DISPUTE)),
        disputes=tuple(said for said in point.said if said.question == DISPUTE),
        findings=tuple(text for text in deal.findings if not (deal.gap and text.startswith(CLAIMS))) if deal else (),
        disputable=disputable(deal) if deal and speaks and point.mine else (),
        fixes=fixes_of(access, point) if deal and speaks else (),
        may_answer=speaks,
        may_call=calls and not opened and access.may("review") and (leads or point.mine),
        may_take_off=speaks and (leads or access.role != "seller"),
        own_call=point.call_of(access.person),
        calls=point.calls if opened else (),
        chance=f"{100 * deal.chance:.0f} %" if opened and deal and deal.chance is not None else "",
        fold=fold,
        typed=again.get("typed", {}),
        problems=again.get("problems", {}),
    )


def where_words(deal: AgendaDeal) -> str:
    """Where the claim stands against the evidence, in one sentence."""
    if deal.gap is None:
        return f"Claimed {deal.claimed or 'nothing'}; where the buyer is was not observed."
    if deal.gap == 0:
        return f"{deal.claimed or deal.evidenced}: the claim and the buyer agree."
    stages = f"{abs(deal.gap)} stage{'s' if abs(deal.gap) != 1 else ''}"
    evidenced = deal.evidenced or "before the first stage"
    if deal.gap > 0:
        return f"Claimed {deal.claimed}, shown {evidenced}: {stages} ahead of the buyer."
    return f"Claimed {deal.claimed or 'nothing'}, shown {evidenced}: the buyer is {stages} further."


def silence_words(deal: AgendaDeal) -> str:
    """The buyer's clock."""
    if deal.silence_days is None:
        return ""
    if deal.silence_days < 1:
        return "heard today"
    return f"silent {deal.silence_days} day{'s' if deal.silence_days != 1 else ''}"


def disputable(deal: AgendaDeal) -> tuple[str, ...]:
    """What of it can be said not to be so: each finding, each loss, and the gap."""
    gap = (where_words(deal),) if deal.gap else ()
    silent = () if deal.last_act else ("No buyer act was ever seen.",)
    gap = () if any(text.startswith(CLAIMS) for text in deal.findings) else gap
    return (*deal.findings, *(f"No longer shown: {text}" for text in deal.lost), *gap, *silent)


def fixes_of(access: Access, point: AgendaPoint) -> tuple[Fix, ...]:
    """What is wrong can be mended without leaving the page."""
    deal = point.item.deal
    if deal is None or deal.outcome or not access.may("record"):
        return ()
    here = {"w": access.workspace.key, "key": deal.key}
    if deal.question_about:
        record = find_url("record_evidence", **here, milestone=deal.question_about)
    else:
        record = find_url("record_happening", **here)
    found = [
        Fix("Record what they did", record),
        Fix("Correct the stage", find_url("edit_deal", **here, field="stage")),
        Fix("Correct the amount", find_url("edit_deal", **here, field="amount")),
        Fix("Correct the close date", find_url("edit_deal", **here, field="close")),
        Fix("It is decided", find_url("decide_deal", **here)),
    ]
    return tuple(fix for fix in found if fix.url)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
