"""Placings in the store: who is asked, what is shown, that nobody sees another's places early, and what comes of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from headway.basics.errors import UserError
from headway.deals.events import Outcome
from headway.reviews.placing import Word
from headway.reviews.process_topics import About
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import add_deal, decide_deal
from headway.store.actions.erasures import erase_person
from headway.store.actions.evidence import record_evidence
from headway.store.actions.placings import (
    begin_placing,
    close_placing,
    drop_placing,
    finish_placing,
    forget_quotes,
    place_deal,
    resume_placing,
)
from headway.store.actions.retention import erase_old_words, set_keeping
from headway.store.actions.topic_decisions import process_for
from headway.store.actions.workspaces import add_member
from headway.store.models import (
    Contact,
    Deal,
    Entry,
    NoticeChoice,
    OutMessage,
    Person,
    Placement,
    Placing,
    PlacingDeal,
    PlacingPerson,
)
from headway.store.own_words import whom_of_contact
from headway.store.queries.placings import convicted_stages, list_placings, opened, own_places, standing_of
from headway.store.queries.process_topics import topics_now
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def deals(cast: Cast, count: int = 14, owner: str = "Somebody Else") -> list[Deal]:
    """Deals whose buyers have done between one and all milestones of the process."""
    milestones = [milestone for _, milestone in process_of(cast.version).milestones]
    made = []
    for number in range(count):
        deal = add_deal(workspace=cast.workspace, name=f"Kowary {number}", by=cast.bob, at=NOW, owner=owner)
        Deal.objects.filter(pk=deal.pk).update(account="Kowary Works")
        deal.refresh_from_db()
        add_contact(deal=deal, name="Jana Novak", part="", by=cast.bob, at=NOW)
        for milestone in milestones[: 1 + number % len(milestones)]:
            record_evidence(
                deal=deal, milestone=milestone.id, source="quote", grade=1, by=cast.bob, at=NOW, happened_at=NOW,
                quote="Jana Novak of Kowary will pay €90,000 for it this year", contact="Jana Novak",
            )  # fmt: skip
        made.append(deal)
    return made


def begin(cast: Cast, *people: Person) -> Placing:
    return begin_placing(
        workspace=cast.workspace, version=cast.version, people=people or (cast.alice, cast.bob), by=cast.alice, at=NOW
    )


def items(placing: Placing) -> list[PlacingDeal]:
    found = PlacingDeal.objects.select_related("placing__version", "placing__workspace", "workspace")
    return list(found.filter(placing=placing).order_by("number"))


def place_all(placing: Placing, person: Person, stages: list[str] | None = None, *, done: bool = True) -> None:
    """`stages`: by deal, else where Headway has each."""
    names = ["", *(stage.name for stage in process_of(placing.version).stages)]
    for at, item in enumerate(items(placing)):
        place_deal(item=item, stage=stages[at] if stages else names[item.shown["rank"]], by=person, at=NOW)
    if done:
        finish_placing(placing=placing, by=person, at=NOW)


def test_ten_deals_over_all_stages_are_chosen_and_everybody_else_is_told(cast: Cast) -> None:
    deals(cast)
    placing = begin(cast)
    assert [item.number for item in items(placing)] == list(range(1, 11))
    assert len({item.shown["rank"] for item in items(placing)}) >= 4
    letter = OutMessage.objects.get(kind="placing")
    assert letter.person == cast.bob  # who asks knows
    assert f"/w/{cast.workspace.key}/placings/{placing.key}/" in letter.text
    assert {one.person for one in PlacingPerson.objects.filter(placing=placing)} == {cast.alice, cast.bob}


def test_what_is_kept_of_a_deal_tells_neither_names_nor_amounts(cast: Cast) -> None:
    deals(cast)
    placing = begin(cast)
    kept = json.dumps([item.shown for item in items(placing)])
    for word in ("Jana", "Novak", "Kowary", "90,000", "Somebody", "Bob", "Adler", "won"):
        assert word not in kept
    assert "[person] of [buyer] will pay [amount] for it this year" in kept


def test_deals_of_those_who_place_are_left_out_where_there_are_others(cast: Cast) -> None:
    deals(cast, 10, owner="Bob Adler")
    deals(cast, 10)
    owners = {item.deal.owner.name for item in items(begin(cast)) if item.deal.owner}
    assert owners == {"Somebody Else"}


def test_a_deal_is_placed_once_and_then_others_are_chosen(cast: Cast) -> None:
    deals(cast, 17)
    first = {item.deal_id for item in items(begin(cast))}
    second = {item.deal_id for item in items(begin(cast))}
    assert len(first) == 10 and len(second) == 7 and not first & second
    with pytest.raises(UserError, match="record what buyers did on 6 more"):
        begin(cast)


def test_who_may_not_be_asked(cast: Cast) -> None:
    deals(cast)
    with pytest.raises(UserError, match="at least two"):
        begin(cast, cast.alice, cast.alice)
    for other in (cast.vera, cast.carol):
        with pytest.raises(UserError, match="no member any more, or may only look"):
            begin(cast, cast.alice, other)
    assert not Placing.objects.exists()


def test_too_few_deals_say_how_many_are_missing(cast: Cast) -> None:
    deals(cast, 4)
    with pytest.raises(UserError, match=r"Only 4 deals .* on 2 more"):
        begin(cast)


def test_a_version_that_is_not_published_or_elsewhere_is_refused(cast: Cast) -> None:
    deals(cast)
    cast.version.withdrawn_at = NOW
    with pytest.raises(UserError, match="not published"):
        begin(cast)


def test_the_newest_place_counts_until_one_is_done(cast: Cast) -> None:
    deals(cast)
    placing = begin(cast)
    item = items(placing)[0]
    names = [stage.name for stage in process_of(cast.version).stages]
    place_deal(item=item, stage=names[0], by=cast.bob, at=NOW)
    place_deal(item=item, stage=names[0], by=cast.bob, at=NOW)  # pressed twice
    place_deal(item=item, stage=names[1], unsure=True, by=cast.bob, at=NOW)
    place_deal(item=item, stage=names[2], by=cast.bob, at=NOW)
    assert [(one.stage, one.unsure) for one in Placement.objects.order_by("pk")] == [
        (names[0], False), ("", True), (names[2], False),
    ]  # fmt: skip
    assert own_places(placing, cast.bob.pk)[item.pk].stage == names[2]
    assert not own_places(placing, cast.alice.pk)
    with pytest.raises(UserError, match="no such stage"):
        place_deal(item=item, stage="Nowhere", by=cast.bob, at=NOW)
    with pytest.raises(UserError, match="not asked"):
        place_deal(item=item, stage=names[0], by=cast.olga, at=NOW)


def test_done_needs_every_deal_and_holds_until_taken_back(cast: Cast) -> None:
    deals(cast)
    placing = begin(cast)
    with pytest.raises(UserError, match="10 deals are still"):
        finish_placing(placing=placing, by=cast.bob, at=NOW)
    place_all(placing, cast.bob)
    with pytest.raises(UserError, match="nothing in it can be changed"):
        place_deal(item=items(placing)[0], stage="", by=cast.bob, at=NOW)
    resume_placing(placing=placing, by=cast.bob, at=NOW)
    place_deal(item=items(placing)[0], stage="", by=cast.bob, at=NOW)


def test_nobody_sees_results_before_all_are_done_and_then_they_open(cast: Cast) -> None:
    deals(cast)
    placing = begin(cast)
    place_all(placing, cast.bob)
    placing.refresh_from_db()
    with pytest.raises(UserError, match="Not everybody is done"):
        opened(placing)
    entries = Entry.objects.filter(target=f"placing {placing.key}")
    stages = {stage.name for stage in process_of(cast.version).stages}
    assert not any(stage in json.dumps(entry.detail) for entry in entries for stage in stages)
    seen = standing_of(cast.access(cast.alice), placing)
    assert (seen.done, seen.mine, seen.alike, seen.waits_for_me) == (1, 0, None, True)
    place_all(placing, cast.alice)
    placing.refresh_from_db()
    assert placing.closed_at == NOW
    assert all(one.places[0] == one.places[1] == one.headway for one in opened(placing).placed)
    assert standing_of(cast.access(cast.vera), placing).alike == 10
    with pytest.raises(UserError, match="results are open"):
        resume_placing(placing=placing, by=cast.bob, at=NOW)


def test_results_open_early_for_two_and_leave_the_third_out(cast: Cast) -> None:
    deals(cast)
    placing = begin(cast, cast.alice, cast.bob, cast.olga)
    place_all(placing, cast.alice)
    place_all(placing, cast.olga, done=False)
    with pytest.raises(UserError, match="Fewer than two"):
        close_placing(placing=placing, by=cast.alice, at=NOW)
    place_all(placing, cast.bob)
    assert close_placing(placing=placing, by=cast.alice, at=NOW).closed_at == NOW
    assert close_placing(placing=placing, by=cast.alice, at=NOW + timedelta(days=1)).closed_at == NOW
    placing.refresh_from_db()
    assert [len(one.places) for one in opened(placing).placed] == [2] * 10


def test_asking_is_taken_back_only_while_nobody_has_begun(cast: Cast) -> None:
    deals(cast)
    drop_placing(placing=begin(cast), by=cast.alice, at=NOW)
    assert not Placing.objects.exists() and not PlacingDeal.objects.exists()
    placing = begin(cast)
    place_deal(item=items(placing)[0], stage="", by=cast.bob, at=NOW)
    with pytest.raises(UserError, match="Somebody has begun"):
        drop_placing(placing=placing, by=cast.alice, at=NOW)


def test_placements_are_history(cast: Cast) -> None:
    deals(cast)
    place_deal(item=items(begin(cast))[0], stage="", by=cast.bob, at=NOW)
    for statement in ("UPDATE store_placement SET unsure = true", "DELETE FROM store_placement"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_stage_is_convicted_over_all_rounds_of_its_version(cast: Cast) -> None:
    deals(cast, 40)
    names = [stage.name for stage in process_of(cast.version).stages]
    for _ in range(3):
        placing = begin(cast)
        ranks = [item.shown["rank"] for item in items(placing)]
        place_all(placing, cast.alice, [names[0] if rank < 3 else names[3] for rank in ranks])
        place_all(placing, cast.bob, [names[1] if rank < 3 else names[3] for rank in ranks])
    found = convicted_stages(cast.workspace)
    assert {one.stage.name for one in found} == {names[0], names[1]}
    assert {(one.n, one.rounds) for one in found} == {(30, 3)}
    assert all(one.confused and (one.confused.first, one.confused.second) == (1, 2) for one in found)
    assert found[0].stage.word is Word.UNCLEAR
    topics = [one for one in topics_now(cast.workspace, NOW) if one.about is About.STAGE]
    assert [(one.title, one.word) for one in topics] == [(name, "read differently") for name in names[:2]]
    assert f"most often taken for {names[1]}" in topics[0].sentence and topics[0].figures[0].n == 30
    assert {process_for(cast.workspace, one) for one in topics} == {cast.version.process}
    assert not convicted_stages(cast.elsewhere)


def test_rounds_of_different_people_are_judged_together(cast: Cast) -> None:
    deals(cast, 40)
    for pair in ((cast.alice, cast.bob), (cast.bob, cast.olga)):
        placing = begin(cast, *pair)
        for person in pair:
            place_all(placing, person)
    placing.refresh_from_db()
    found = opened(placing)
    assert (found.rounds, len(found.together), len(found.placed)) == (2, 20, 10)
    assert {len(one.places) for one in found.together} == {3}
    assert sum(None in one.places for one in found.together) == 20


def test_words_of_a_buyer_can_be_taken_out(cast: Cast) -> None:
    made = deals(cast)
    placing = begin(cast)
    chosen = [item.deal_id for item in items(placing)]
    assert forget_quotes(deals=chosen[:4]) == 4
    assert forget_quotes(deals=[deal.pk for deal in made]) == 6
    assert not any(line["quote"] for item in items(placing) for line in item.shown["lines"])


@pytest.mark.parametrize("how", ["erased", "kept too long"])
def test_no_quote_in_a_placing_outlives_its_deal_or_who_said_it(cast: Cast, how: str) -> None:
    made = deals(cast)
    placing = begin(cast)
    assert any(line["quote"] for item in items(placing) for line in item.shown["lines"])
    if how == "erased":
        contact = Contact.objects.get(deal=made[0], name="Jana Novak")
        erase_person(workspace=cast.workspace, whom=whom_of_contact(contact), by=cast.alice, at=NOW)
    else:
        for deal in made:
            decide_deal(deal=deal, outcome=Outcome.LOST, by=cast.bob, at=NOW)
        set_keeping(workspace=cast.workspace, months=6, by=cast.alice, at=NOW)
        later = NOW + timedelta(days=300)
        assert (erasure := erase_old_words(workspace=cast.workspace, at=later)) and erasure.counts["placed"] == 10
        assert erase_old_words(workspace=cast.workspace, at=later) is None
    assert not any(line["quote"] for item in items(placing) for line in item.shown["lines"])


def test_somebody_who_wants_no_messages_gets_none(cast: Cast) -> None:
    deals(cast)
    NoticeChoice.objects.create(person=cast.bob, channel="none")
    begin(cast)
    assert not OutMessage.objects.filter(kind="placing").exists()


def test_the_list_takes_the_same_few_queries_however_many(cast: Cast) -> None:
    deals(cast, 40)
    for _ in range(3):
        placing = begin(cast)
        for person in (cast.alice, cast.bob):
            place_all(placing, person)
    with CaptureQueriesContext(connection) as asked:
        assert [one.alike for one in list_placings(cast.access(cast.bob))] == [10, 10, 10]
    assert len([query for query in asked.captured_queries if "set_config" not in query["sql"]]) <= 6


def test_many_people_are_too_many(cast: Cast) -> None:
    from headway.store.actions.workspaces import make_person

    deals(cast)
    more = []
    for number in range(5):
        person = make_person(email=f"p{number}@example.com", name=f"P {number}", password="x", at=NOW)
        add_member(workspace=cast.workspace, person=person, role="seller", by=cast.alice, at=NOW)
        more.append(person)
    with pytest.raises(UserError, match="at most 6"):
        begin(cast, cast.alice, cast.bob, *more)
