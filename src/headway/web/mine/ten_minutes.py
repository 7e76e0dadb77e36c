"""The ten-minute pass: of the ten largest open deals, what did the buyer last do? Then the first true gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from headway.basics.errors import UserError
from headway.evidence.kinds import State
from headway.evidence.proof import MilestoneProof
from headway.evidence.shown import past_of
from headway.evidence.standing import DealStanding
from headway.process.definition import Process
from headway.store.actions.contacts import add_contact
from headway.store.actions.evidence import record_buyer_act, record_by_hand
from headway.store.actions.standing import moment_of_deal
from headway.store.actions.visits import find_nothing
from headway.store.queries.access import get_deal
from headway.store.queries.events import EventRow
from headway.store.queries.my_deals import (
    DealRow,
    Known,
    known_of,
    names_of,
    processes_of,
    standing_of,
)
from headway.store.queries.owners import list_owners
from headway.store.queries.ten_minutes import answered_of, list_largest
from headway.web.mine.first_gap import first_gap
from headway.web.mine.strip import claimed_name
from headway.web.mine.views import whose_of
from headway.web.requests import Inside, inside
from headway.web.undo import done

ACTS = (
    ("replied", "They replied"),
    ("attended a meeting", "They met us"),
    ("sent a document", "They sent something"),
    ("introduced somebody", "They introduced somebody"),
    ("signed or agreed", "They signed or agreed to something"),
)
# key -> (words, days before today that stand for it)
WHENS = {"week": ("Past 7 days", 3), "last": ("The week before", 10), "month": ("Within the past month", 21)}
MOST_CONTACTS = 6
MOST_MILESTONES = 12
LONGEST_NAME, LONGEST_QUOTE = 200, 4_000
ROUND = 2 * math.pi * 20  # of the ring, whose radius is 20


@dataclass(frozen=True, slots=True)
class Pass:
    """The deals of a pass, which of them are answered, and the place shown: 1 is the first, 0 the end."""

    owner: int | None
    deals: list[DealRow]
    known: dict[int, Known]
    answered: set[int]
    place: int = 0

    def next_after(self, place: int) -> int:
        """The next place without an answer; 0 where there is none after this one."""
        places = enumerate(self.deals, 1)
        return next((at for at, deal in places if at > place and deal.pk not in self.answered), 0)

    def address(self, workspace: str, place: int) -> str:
        """Of this pass at a place."""
        whose = "all" if self.owner is None else self.owner
        return f"{reverse('ten_minutes', kwargs={'w': workspace})}?owner={whose}&at={place or 'end'}"


@inside()
def ten_minutes(request: Inside) -> HttpResponse:
    """GET owner (an id, or `all`), at: a place from 1 on, or `end`; without, the first deal nobody answered for."""
    found, asked = _pass(request), request.GET.get("at", "")
    if not found.deals:
        return render(request, "mine/ten_none.html", {})
    place = int(asked) if asked.isdecimal() and 0 < int(asked[:4]) <= len(found.deals) else 0
    if not asked:
        place = found.next_after(0)
    if not place or not request.access.may("record"):
        return _end(request, found)
    return _ask(request, found, place)


@inside("record")
def answer(request: Inside, key: str) -> HttpResponse:
    """POST what, who or new_who, when or on, milestone (several), quote; or nothing. Saved at once."""
    deal = get_deal(request.access, key)
    found = _pass(request)
    place = next((at for at, one in enumerate(found.deals, 1) if one.pk == deal.pk), 0)
    if request.method != "POST" or not place or deal.outcome:
        return redirect(found.address(request.access.workspace.key, place))
    if "nothing" in request.POST:
        event = find_nothing(deal=deal, by=request.access.person, at=request.now)
        done(request, f"Noted: nothing to point to at {_company(deal)}.", event)
    else:
        problems, happened_at = _problems(request, deal)
        if problems or happened_at is None:
            return _ask(request, found, place, problems)
        done(request, f"Recorded for {_company(deal)}.", *_record(request, deal, happened_at))
    found.answered.add(deal.pk)
    return redirect(found.address(request.access.workspace.key, found.next_after(place) or found.next_after(0)))


def _pass(request: Inside) -> Pass:
    whose = whose_of(request, list_owners(request.access))
    owner = whose.owner if whose else None
    deals = list_largest(request.access, owner)
    if not deals and "owner" not in request.GET:
        owner, deals = None, list_largest(request.access, None)
    known = known_of(deals)
    return Pass(owner, deals, known, answered_of(deals, known))


def _ask(request: Inside, found: Pass, place: int, problems: dict[str, str] | None = None) -> HttpResponse:
    deal, workspace = found.deals[place - 1], request.access.workspace.key
    process = processes_of([deal])[deal.pk]
    standing = standing_of(deal, process, found.known[deal.pk], moment_of_deal(deal, request.now))
    answered = len(found.answered)
    posted = request.POST
    context: dict[str, Any] = {
        "deal": deal, "company": _company(deal), "place": place, "many": len(found.deals), "acts": ACTS,
        "claimed": claimed_name(process, standing) if process.stages else deal.claimed, "whens": WHENS,
        "contacts": names_of(found.known[deal.pk])[:MOST_CONTACTS],
        "milestones": _milestones(process, standing), "problems": problems or {}, "today": _today(request),
        "owner": "all" if found.owner is None else found.owner, "answered": answered,
        "ring": f"{ROUND * answered / len(found.deals):.1f} {ROUND:.1f}", "again": deal.pk in found.answered,
        "skip": found.address(workspace, found.next_after(place)),
        "before": found.address(workspace, place - 1) if place > 1 else "",
        "typed": {name: posted.get(name, "")[:LONGEST_QUOTE] for name in ("what", "who", "new_who", "on", "quote")},
        "ticked": posted.getlist("milestone"),
    }  # fmt: skip
    return render(request, "mine/ten_minutes.html", context, status=422 if problems else 200)


def _milestones(process: Process, standing: DealStanding) -> list[tuple[str, str]]:
    """(id, in words) of what does not hold yet, up to the claimed stage: what this answer may have shown."""
    rank = max(standing.claimed_rank or 1, 1)
    open_ones = [p for p in standing.proofs if p.state is not State.PROVEN and p.rank <= rank]
    return [(p.milestone.id, _done_words(p)) for p in open_ones[-MOST_MILESTONES:]]


def _done_words(proof: MilestoneProof) -> str:
    words = past_of(proof.milestone.buyer) or proof.milestone.buyer.strip().rstrip(".")
    return words[:1].upper() + words[1:]


def _problems(request: Inside, deal: DealRow) -> tuple[dict[str, str], datetime | None]:
    """(problems by field, when it happened)."""
    posted, problems = request.POST, {}
    if posted.get("what") not in dict(ACTS):
        problems["what"] = "Choose what they did, 1 to 5. Nothing you can point to is an answer too: 6."
    if len(_who(request)) > LONGEST_NAME:
        problems["new_who"] = f"A name has at most {LONGEST_NAME} characters."
    quote, ticked = posted.get("quote", "").strip(), posted.getlist("milestone")
    if len(quote) > LONGEST_QUOTE:
        problems["quote"] = f"Keep what matters, at most {LONGEST_QUOTE:,} characters."
    if quote and not ticked:
        problems["quote"] = "Tick what these words show."
    process = processes_of([deal])[deal.pk]
    if not set(ticked) <= {milestone.id for _, milestone in process.milestones}:
        problems["quote"] = "The process changed meanwhile: choose again."
    try:
        happened_at = _when(request)
    except UserError as error:
        problems["when"], happened_at = str(error), None
    return problems, happened_at


def _when(request: Inside) -> datetime:
    """The instant that was chosen. UserError where none was."""
    chosen, on, today = request.POST.get("when", ""), request.POST.get("on", "").strip(), _today(request)
    if chosen in WHENS:
        return request.now - timedelta(days=WHENS[chosen][1])
    if not on:
        raise UserError("Say when: press one of these, or pick a day.")
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise UserError(f"“{on[:20]}” is no day: pick one, or write it as 2026-09-20.") from None
    if day > today or day.year < 2000:
        raise UserError("Give the day on which it happened, today at the latest.")
    zone = ZoneInfo(request.access.workspace.zone)
    return min(datetime.combine(day, time(12), zone), request.now)


def _record(request: Inside, deal: DealRow, happened_at: datetime) -> list[EventRow]:
    """The act, and evidence for each milestone that it showed; the grade follows from what was handed in."""
    by, at, who = request.access.person, request.now, _who(request)
    what, quote = request.POST["what"], request.POST.get("quote", "").strip()
    made = [record_buyer_act(deal=deal, what=what, by=by, at=at, happened_at=happened_at, contact=who or None)]
    for milestone in dict.fromkeys(request.POST.getlist("milestone")):
        made.append(
            record_by_hand(
                deal=deal, milestone=milestone, by=by, at=at, happened_at=happened_at, act=dict(ACTS)[what],
                contact=who, quote=quote,
            )
        )  # fmt: skip
    written = {contact.name for contact in known_of([deal])[deal.pk].contacts}
    if request.POST.get("new_who", "").strip() and who not in written:
        add_contact(deal=deal, name=who, by=by, at=at)
    return made


def _who(request: Inside) -> str:
    return " ".join((request.POST.get("new_who", "").strip() or request.POST.get("who", "")).split())


def _today(request: Inside) -> date:
    return request.now.astimezone(ZoneInfo(request.access.workspace.zone)).date()


def _company(deal: DealRow) -> str:
    return deal.account or deal.name


def _end(request: Inside, found: Pass) -> HttpResponse:
    left: Sequence[DealRow] = [deal for deal in found.deals if deal.pk not in found.answered]
    processes = processes_of(found.deals)
    told = []
    for deal in found.deals:
        process, at = processes[deal.pk], moment_of_deal(deal, request.now)
        told.append((deal, process, standing_of(deal, process, found.known[deal.pk], at)))
    context = {
        "gap": first_gap(told), "left": len(left), "many": len(found.deals),
        "go_on": found.address(request.access.workspace.key, found.next_after(0)) if left else "",
        "may": request.access.may("record"),
    }  # fmt: skip
    return render(request, "mine/ten_end.html", context)
