"""Everything that a deal's page says, worked out from its history as of one moment by the pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from headway.deals.events import EventKind
from headway.deals.history import DealHistory
from headway.evidence.kinds import Grade
from headway.evidence.proof import is_withdrawn
from headway.evidence.question import AgreedAct, ContactAbout, DealAbout, LastAct, NextQuestion, next_question
from headway.evidence.standing import DealStanding, deal_standing
from headway.process.definition import Process
from headway.store.queries.analyses import scale_from
from headway.store.queries.deal_page import ContactRow, DealFacts, DealRow, FindingRow
from headway.web.deals import time_line
from headway.web.deals.milestones import StageView, stage_views
from headway.web.deals.moment import Moment
from headway.web.deals.own_ways import TITLES, OwnWayView, own_way_views
from headway.web.deals.words import OUTCOMES, STANDINGS, gap_words, silence_words, topic_of
from headway.web.mailto import mailto_of

BUYER_KINDS = (EventKind.BUYER_ACTED, EventKind.EVIDENCE_RECORDED)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is claimed of the deal, as known at the moment shown."""

    amount: float | None
    close_on: date | None
    owner: str
    claimed: str
    outcome: str
    outcome_name: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """Somebody at the buyer. `key` is empty for one whom only the history names."""

    key: str
    name: str
    part: str
    email: str
    last_at: datetime | None
    last: str


@dataclass(frozen=True, slots=True)
class AgreedView:
    """What the buyer agreed to do next."""

    what: str
    due_on: date | None
    who: str
    late: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """A departure from the process, and the exception that covers it, where somebody allowed it."""

    row: FindingRow
    title: str
    way: OwnWayView | None

    @property
    def allowed(self) -> bool:
        """Whether an exception covers it."""
        return self.way is not None


@dataclass(frozen=True, slots=True)
class DealPicture:
    """One deal as of one moment. Without a process there is no standing, no stage and no question."""

    facts: Facts
    process: Process | None
    standing: DealStanding | None
    standing_name: str
    silence: str
    gap: str
    gap_money: float | None
    evidenced: str
    stages: tuple[StageView, ...]
    question: NextQuestion | None
    mailto: str
    agreed: AgreedView | None
    contacts: tuple[ContactView, ...]
    findings: tuple[FindingView, ...]
    own_ways: tuple[OwnWayView, ...]
    svg: str
    lines: tuple[time_line.Line, ...]
    happened: int
    known: DealHistory
    about: DealAbout


def deal_picture(
    deal: DealRow, facts: DealFacts, process: Process | None, moment: Moment, most: int = time_line.MOST_ROWS
) -> DealPicture:
    """Work it out. Nothing here reads the database or the clock."""
    history = facts.history(deal)
    known = history.known(moment.as_of)
    records = tuple(r for r in facts.records if r.event.happened_at <= moment.at)
    standing = None
    if process is not None:
        limit = scale_from(facts.summary).silence_limit_days(process)  # the one that the deal's rows are told by
        standing = deal_standing(history, process, moment.as_of, silence_limit_days=limit)
    claims = _facts(known)
    agreed = _agreed(known, moment.at)
    contacts = _contacts(known, facts.contacts)
    about = _about(deal, known, claims, agreed, contacts)
    question = None
    if standing is not None and process is not None and not moment.past_on:
        question = next_question(about, standing, process, as_of=moment.as_of)
    decided = bool(claims.outcome)
    findings, own_ways = _findings(facts, known, process, moment)
    return DealPicture(
        facts=claims,
        process=process,
        standing=standing,
        standing_name=STANDINGS[standing.standing.value] if standing else "",
        silence=silence_words(standing.silence_days, decided) if standing else "",
        gap=gap_words(standing.gap, standing.claimed_rank, standing.evidenced_rank) if standing else "",
        gap_money=_gap_money(facts.summary, deal, standing, claims.amount) if standing else None,
        evidenced=_evidenced_name(process, standing),
        stages=stage_views(process, standing, records, moment.at) if process and standing else (),
        question=question,
        mailto=_mailto(question),
        agreed=agreed,
        contacts=contacts,
        findings=findings,
        own_ways=own_ways,
        svg=time_line.picture(known, process, standing, moment.at),
        lines=time_line.lines(records, process, deal.currency, most),
        happened=len(records),
        known=known,
        about=about,
    )


def _facts(known: DealHistory) -> Facts:
    close, owner = known.last(EventKind.CLOSE_DATE_SET), known.last(EventKind.OWNER_SET)
    claim, decision = known.last(EventKind.STAGE_CLAIMED), known.decision
    ended = known.last(EventKind.DEAL_DECIDED) if decision else None
    return Facts(
        amount=known.amount,
        close_on=close.due_on if close else None,
        owner=(owner.name or "") if owner else "",
        claimed=(claim.name or "") if claim else "",
        outcome=decision[0].value if decision else "",
        outcome_name=OUTCOMES[decision[0].value] if decision else "",
        decided_at=decision[1] if decision else None,
        reason=(ended.note or "") if ended else "",
    )


def _evidenced_name(process: Process | None, standing: DealStanding | None) -> str:
    if process is None or standing is None or standing.evidenced_rank is None:
        return "Not observed"
    return process.stages[standing.evidenced_rank - 1].name if standing.evidenced_rank else "Nothing yet"


def _gap_money(summary: dict[str, Any], deal: DealRow, standing: DealStanding, amount: float | None) -> float | None:
    """amount x the difference of win rates, where the analysis had enough decided deals to tell one."""
    rates = summary.get("gap_rates")
    if not isinstance(rates, dict) or amount is None or not standing.gap or standing.gap < 0:
        return None
    rate = rates.get(f"{deal.version_id}:{standing.claimed_rank}")
    return amount * rate if isinstance(rate, int | float) else None


def _agreed(known: DealHistory, at: datetime) -> AgreedView | None:
    act = time_line.awaited_act(known, at)
    if act is None:
        return None
    late = act.due_on is not None and act.due_on < at.date()
    return AgreedView(act.name or "", act.due_on, act.contact or "", late)


def _contacts(known: DealHistory, rows: tuple[ContactRow, ...]) -> tuple[ContactView, ...]:
    """Those that people wrote down, then those whom only the history names; each with what they did last."""
    last = {e.contact: e for e in known.events if e.contact and e.kind in BUYER_KINDS}
    named = {e.contact for e in known.events if e.contact}
    written = [(row.key, row.name, row.part, row.email) for row in rows]
    told = {row.name for row in rows}
    found = [*written, *(("", name, "", "") for name in sorted(named - told))]
    return tuple(
        ContactView(
            key, name, part, email,
            last[name].happened_at if name in last else None, topic_of(last[name].name) if name in last else "",
        )
        for key, name, part, email in found
    )  # fmt: skip


def _about(
    deal: DealRow, known: DealHistory, claims: Facts, agreed: AgreedView | None, contacts: tuple[ContactView, ...]
) -> DealAbout:
    kinds = time_line.WITHDRAWING
    taken = tuple(e for e in known.events if e.kind in kinds)
    told = [e for e in known.events if e.kind in BUYER_KINDS]
    standing = [e for e in told if not any(is_withdrawn(e, e.name or "", taken, kind) for kind in kinds)]
    acts = [e for e in standing if e.kind is EventKind.BUYER_ACTED or (e.grade or 0) > Grade.WORD]
    quotes = [e for e in standing if e.kind is EventKind.EVIDENCE_RECORDED and e.note]
    last = acts[-1] if acts else None
    return DealAbout(
        name=deal.name,
        account=deal.account,
        contacts=tuple(ContactAbout(c.name, c.part, c.email or None, c.last_at, c.last or None) for c in contacts),
        agreed=AgreedAct(agreed.what, agreed.due_on, agreed.who or None) if agreed else None,
        last_act=LastAct(topic_of(last.name), last.happened_at, last.contact) if last else None,
        last_quote=quotes[-1].note if quotes else None,
        owner=claims.owner.split()[0] if claims.owner.split() else None,
    )


def _mailto(question: NextQuestion | None) -> str:
    return mailto_of(question) if question else ""


def _findings(
    facts: DealFacts, known: DealHistory, process: Process | None, moment: Moment
) -> tuple[tuple[FindingView, ...], tuple[OwnWayView, ...]]:
    """Findings of the newest analysis, and the exceptions that cover none of them.

    An exception covers what happened until its end, as the analysis itself counts.
    """
    ways = own_way_views(facts, known, process, moment)
    views, covering = [], set()
    for row in facts.findings:
        day = row.happened_at.date() if row.happened_at else date.min
        cover = next((pair for pair in reversed(ways) if pair[1].rule == row.rule and pair[1].until >= day), None)
        if cover:
            covering.add(cover[0].id)
        views.append(FindingView(row, TITLES.get(row.rule, row.rule), cover[1] if cover else None))
    return tuple(views), tuple(way for record, way in ways if record.id not in covering)
