"""Decide on a topic, and take a decision back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from headway.basics.errors import UserError
from headway.reviews.kinds import What
from headway.store.actions.topic_decisions import decide_topic, take_back_topic
from headway.store.queries.process_topics import get_topic, get_topic_decision
from headway.web.process_review.forms import Ending
from headway.web.process_review.room import review_of, show
from headway.web.requests import Inside, inside
from headway.web.undo import done, way_back

SAID = {
    What.CHANGE: "The change stands in the draft.",
    What.TRIAL: "The trial has begun.",
    What.NOTHING: "It stays as it is.",
}


@inside("review")
def decide(request: Inside, key: str, item: str) -> HttpResponse:
    """POST what, reason; of a change way with words, days or amount; of a trial other; promise_* for a promise."""
    review = review_of(request, key)
    one = get_topic(request.access, review, item)
    if request.method != "POST":
        return _back(request, key, item)
    form = Ending(one.topic, request.access, request.POST)
    if not form.is_valid():
        return show(request, review, item, form)
    given = form.cleaned_data
    try:
        made = decide_topic(
            item=one.item, what=What(given["what"]), reason=given["reason"], way=given["way"],
            words=form.given_words(), promise=form.promised(), by=request.access.person, at=request.now,
        )  # fmt: skip
    except UserError as error:
        form.add_error(None, str(error))
        return show(request, review, item, form)
    said = "Agreed." if made.what == What.CHANGE and not made.about.get("process") else SAID[What(made.what)]
    done(request, said, way="topic", about={"decision": made.key})
    return _back(request, key, "" if one.item.pk == review.at_item_id else item)  # so that the page goes on following


@inside("review")
def take_back(request: Inside, key: str, item: str) -> HttpResponse:
    """POST: what was decided on this topic counts no more."""
    review = review_of(request, key)
    one = get_topic(request.access, review, item)
    if request.method == "POST" and one.decision is not None:
        done(request, undone(request, {"decision": one.decision.key}))
    return _back(request, key, "" if one.item.pk == review.at_item_id else item)


@way_back("topic")
def undone(request: Inside, about: dict[str, Any]) -> str:
    """Undo of a decision: whoever may make it may take it back."""
    request.access.need("review")
    decision = get_topic_decision(request.access, about["decision"])
    verb = {"change": "process", "trial": "trial"}.get(decision.what)
    if verb:
        request.access.need(verb)
    take_back_topic(decision=decision, by=request.access.person, at=request.now)
    return "Taken back: the topic waits again."


def _back(request: Inside, key: str, item: str) -> HttpResponse:
    answer = redirect("process_review", w=request.access.workspace.key, key=key)
    if item:
        answer["Location"] += f"?topic={item}"
    return answer
