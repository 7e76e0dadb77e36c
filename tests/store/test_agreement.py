"""One deal worked out by the pure functions, and all of them by the analysis: the rows are the same, field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from headway.deals.events import EventKind, Outcome
from headway.jobs.analysis import analyse
from headway.process.loader import parse_process
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import add_deal
from headway.store.actions.events import append_event, take_back
from headway.store.actions.process_files import publish_process
from headway.store.actions.standing import refresh
from headway.store.models import Deal, Event
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db

PROCESS = """
headway: process/1
name: Short
limits: {silence_days: 9}
stages:
  - name: Interest
    milestones:
      - id: stated
        buyer: The buyer states the problem in writing
        ask: "What is the problem?"
        proof: {grade: 1, acts: [answered]}
  - name: Proof
    claims: [Trial]
    milestones:
      - id: tried
        buyer: The user tries it
        ask: "Who tries it?"
        proof: {grade: 2, shelf_life_days: 12}
      - id: budget_named
        buyer: They name who releases the money
        ask: "Who pays?"
        required_when: {amount_from: 500}
  - name: Decision
    milestones:
      - {id: signed, buyer: The buyer signs the order, ask: "When will you sign?"}
"""
MILESTONES = ("stated", "tried", "budget_named", "signed", "unknown")
PEOPLE = (None, "Jan Novak", "Eva Berg")
DAYS = st.integers(0, 30)
Step = Callable[[Deal, Cast, datetime], Any]


def happened(kind: EventKind, **event: Any) -> Callable[[int], Step]:
    """An event so many days before it is recorded."""
    return lambda ago: (
        lambda deal, cast, at: append_event(
            deal=deal, kind=kind, by=cast.bob, at=at, happened_at=at - timedelta(days=ago), **event
        )
    )


def agreed(in_days: int, who: str | None) -> Step:
    return lambda deal, cast, at: append_event(
        deal=deal, kind=EventKind.ACT_AGREED, by=cast.bob, at=at, name="Send the order", contact=who,
        due_on=at.date() + timedelta(days=in_days),
    )  # fmt: skip


def noted(name: str, part: str) -> Step:
    def step(deal: Deal, cast: Cast, at: datetime) -> None:
        if not deal.contacts.filter(name=name).exists():
            add_contact(deal=deal, name=name, part=part, by=cast.bob, at=at)

    return step


def undone(deal: Deal, cast: Cast, at: datetime) -> None:
    newest = Event.objects.filter(deal=deal, voiding=None, batch=None).order_by("-id").first()
    if newest:
        take_back(event=newest, by=cast.bob, at=at)


def of(kind: EventKind, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.builds(lambda ago, given: happened(kind, **given)(ago), DAYS, st.fixed_dictionaries(values))


STEPS = st.one_of(
    of(EventKind.STAGE_CLAIMED, name=st.sampled_from(["Interest", "Proof", "trial ", "Decision", "Elsewhere"])),
    of(EventKind.AMOUNT_SET, amount=st.sampled_from([Decimal("100.10"), Decimal("500"), Decimal("75000")])),
    of(EventKind.CLOSE_DATE_SET, due_on=st.sampled_from([NOW.date(), NOW.date() + timedelta(days=40)])),
    of(EventKind.OWNER_SET, name=st.sampled_from(["Bob Adler", "Ann"])),
    of(EventKind.ACTIVITY_DONE, name=st.just("Called")),
    of(
        EventKind.BUYER_ACTED, name=st.sampled_from(["answered", "came_to_meeting", "stated"]),
        contact=st.sampled_from(PEOPLE),
    ),
    of(
        EventKind.EVIDENCE_RECORDED, name=st.sampled_from(MILESTONES), contact=st.sampled_from(PEOPLE),
        grade=st.integers(0, 4), ref=st.sampled_from(["e-1", "e-2"]), note=st.sampled_from([None, "Yes."]),
    ),
    of(EventKind.EVIDENCE_RETRACTED, name=st.sampled_from(MILESTONES), ref=st.sampled_from([None, "e-1"])),
    of(EventKind.EVIDENCE_DISPUTED, name=st.sampled_from(MILESTONES), ref=st.sampled_from([None, "e-2"])),
    of(EventKind.DEAL_DECIDED, name=st.sampled_from([outcome.value for outcome in Outcome])),
    of(EventKind.DEAL_REOPENED),
    st.builds(agreed, st.integers(-5, 9), st.sampled_from(PEOPLE)),
    st.builds(noted, st.sampled_from(["Eva Berg", "Zoe"]), st.sampled_from(["champion", "user"])),
    st.just(undone),
)  # fmt: skip
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # an example takes half a second
LEFT_OUT = {"standing_at", "touched_at", "_state", "_prefetched_objects_cache"}


def row_of(deal: Deal) -> dict[str, Any]:
    """Every column but when it was worked out."""
    row = Deal.objects.get(pk=deal.pk).__dict__
    return {name: value for name, value in row.items() if name not in LEFT_OUT}


@settings(max_examples=20, deadline=None, phases=NO_SHRINKING, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(STEPS, max_size=9), min_size=1, max_size=5), st.booleans(), st.integers(0, 20))
def test_one_deal_at_a_time_and_all_at_once_say_the_same(
    histories: list[list[Step]], with_process: bool, later: int
) -> None:
    with transaction.atomic():
        cast = make_cast()
        cast.version.process.archived_at = NOW
        cast.version.process.save()
        if with_process:
            process = parse_process(PROCESS, "short")
            publish_process(workspace=cast.workspace, process=process, by=cast.alice, at=NOW)
        deals = []
        for number, steps in enumerate(histories):
            deal = add_deal(workspace=cast.workspace, name=f"Deal {number}", by=cast.bob, at=NOW, account="Acme")
            for place, step in enumerate(steps):
                step(deal, cast, NOW + timedelta(hours=place))
            deals.append(deal)
        at = NOW + timedelta(days=later, hours=12)
        assert analyse(cast.workspace, at=at) or not Event.objects.filter(voiding=None).exists()
        by_analysis = [row_of(deal) for deal in deals]
        for deal in deals:
            refresh(deal=deal, at=at, touched=False)
        assert [row_of(deal) for deal in deals] == by_analysis
        transaction.set_rollback(True)


def test_the_analysis_of_a_past_day_leaves_deals_that_people_touched_in_the_present() -> None:
    cast = make_cast()
    old, touched = (add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW) for name in ("Old", "Touched"))
    Deal.objects.filter(pk=old.pk).update(touched_at=None)
    cast.workspace.shows_at = NOW + timedelta(days=1)
    cast.workspace.save()
    later = NOW + timedelta(days=400)
    append_event(deal=touched, kind=EventKind.BUYER_ACTED, by=cast.bob, at=later, name="answered")
    refresh(deal=touched, at=later)
    analyse(cast.workspace, at=later)
    touched.refresh_from_db()
    old.refresh_from_db()
    assert touched.last_buyer_act_at == later and touched.standing == "advancing"
    assert old.turns_at is None  # of a past day time stands still
