"""Before the meeting: answer, say what is not so, take off the agenda or put back on, foretell. One press each."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from headway.basics.errors import UserError
from headway.reviews.kinds import ReviewKind
from headway.reviews.minutes import minutes_words
from headway.store.actions.agendas import prepare_agenda
from headway.store.actions.before import answer_before, dispute_before, settle_before, unsettle_before
from headway.store.actions.deal_calls import record_deal_call
from headway.store.actions.minutes import send_agenda
from headway.store.actions.process_review import prepare_topics
from headway.store.queries.access import NotAllowedError, get_item, get_review
from headway.store.queries.reviews import ItemRow, ReviewRow
from headway.web.requests import Inside, inside
from headway.web.reviews.agenda import show
from headway.web.undo import done, way_back

LONGEST = 2_000
NOT_YOURS = "This deal is somebody else's: only its seller, a leader or operations can speak for it."


@inside("review")
def answer(request: Inside, key: str, item: str) -> HttpResponse:
    """POST account, heard: the seller's account, and what the buyer said to the question."""
    row = speaker(request, key, item)
    if request.method != "POST":
        return to_item(request, row)
    typed = {name: request.POST.get(name, "")[:LONGEST] for name in ("account", "heard")}
    try:
        answer_before(item=row, **typed, by=request.access.person, at=request.now)
    except UserError as error:
        return refused(request, row, typed, {"account": str(error)})
    settled(request, row)
    return to_item(request, row)


@inside("review")
def dispute(request: Inside, key: str, item: str) -> HttpResponse:
    """POST about, reason: which sentence of the agenda is not so, and why."""
    row = speaker(request, key, item)
    if request.method != "POST":
        return to_item(request, row)
    typed = {name: request.POST.get(name, "")[:LONGEST] for name in ("about", "reason")}
    try:
        dispute_before(item=row, **typed, by=request.access.person, at=request.now)
    except UserError as error:
        return refused(request, row, typed, {"about" if not typed["about"].strip() else "reason": str(error)})
    done(request, f"{row.review.leader.name} reads it before the meeting.")
    return to_item(request, row)


@inside("review")
def settle(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: it needs no time in the meeting. quiet=yes: what was done is said elsewhere."""
    row = speaker(request, key, item)
    if request.method == "POST":
        settle_before(item=row, by=request.access.person, at=request.now)
        if request.POST.get("quiet") != "yes":
            settled(request, row)
    return to_item(request, row)


@inside("review")
def talk(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: talk about it after all."""
    row = speaker(request, key, item)
    if request.method == "POST":
        unsettle_before(item=row, by=request.access.person, at=request.now)
        done(request, "Back on the agenda. What was said stays.", way="agenda on", about=of(row))
    return to_item(request, row)


@inside("review")
def call(request: Inside, key: str, item: str) -> HttpResponse:
    """POST percent: how likely the buyer says yes in the period, before one is shown what others say."""
    row = get_item(request.access, key, item)
    mine = row.deal is not None and request.access.owns(row.deal)
    if not mine and request.access.person.pk != row.review.leader_id:
        raise NotAllowedError("Only whoever leads the review and the seller of the deal make a call on it.")
    if request.method == "POST" and row.deal is not None:
        text = request.POST.get("percent", "")
        chance = int(text) / 100 if text.isdecimal() and len(text) < 4 else -1.0
        record_deal_call(
            deal=row.deal, review=row.review, chance=chance, by=request.access.person, at=request.now
        )  # fmt: skip
        done(request, "Your call is kept. Others see it once both have called.")
    return to_item(request, row)


@inside("rhythm")
def prepare(request: Inside, key: str) -> HttpResponse:
    """POST: make the agenda now, or again. Everybody gets it, once: the day before, it would not be made anew."""
    review = get_review(request.access, key)
    if request.method == "POST":
        make = prepare_topics if review.kind == ReviewKind.PROCESS else prepare_agenda
        made = make(review=review, at=request.now)
        sent = send_agenda(review=made, at=request.now)
        done(request, "The agenda is as of now, and on its way to everybody." if sent else "The agenda is as of now.")
    return redirect("review_agenda", w=request.access.workspace.key, key=review.key)


@way_back("agenda off")
def _on_again(request: Inside, about: dict[str, str]) -> str:
    unsettle_before(item=_of(request, about), by=request.access.person, at=request.now)
    return "Back on the agenda. What was said stays."


@way_back("agenda on")
def _off_again(request: Inside, about: dict[str, str]) -> str:
    settle_before(item=_of(request, about), by=request.access.person, at=request.now)
    return "Settled before the meeting."


def speaker(request: Inside, key: str, item: str) -> ItemRow:
    """The item, for somebody who may speak for its deal: its seller, or whoever leads or runs operations."""
    row = get_item(request.access, key, item)
    if request.access.role == "seller" and not (row.deal is not None and request.access.owns(row.deal)):
        raise NotAllowedError(NOT_YOURS)
    return row


def settled(request: Inside, row: ItemRow) -> None:
    """Say so, with its undo."""
    given = minutes_words(row.minutes)
    done(request, f"Settled before the meeting: {given} given back.", way="agenda off", about=of(row))


def of(row: ItemRow) -> dict[str, str]:
    """What a way back needs to know."""
    return {"review": row.review.key, "item": row.key}


def refused(request: Inside, row: ItemRow, typed: dict[str, str], problems: dict[str, str]) -> HttpResponse:
    """The page again with what was typed."""
    review: ReviewRow = get_review(request.access, row.review.key)
    return show(request, review, {row.key: {"typed": typed, "problems": problems}}, status=422)


def to_item(request: Inside, row: ItemRow) -> HttpResponse:
    """Back to where one was."""
    response = redirect("review_agenda", w=request.access.workspace.key, key=row.review.key)
    response["Location"] += f"#item-{row.key}"
    return response


def _of(request: Inside, about: dict[str, str]) -> ItemRow:
    request.access.need("review")
    return speaker(request, about["review"], about["item"])
