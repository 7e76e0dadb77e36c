"""What rows of My deals are made of: the standing that the full history gives; never the same question twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from headway.basics.periods import AsOf
from headway.deals.events import EventKind
from headway.demo.company import simulate
from headway.evidence.question import NextQuestion, next_question
from headway.evidence.standing import deal_standing
from headway.jobs.importing import load_files
from headway.store.actions.contacts import add_contact
from headway.store.actions.deals import add_deal, claim_stage, decide_deal, drop_deal
from headway.store.actions.events import take_back
from headway.store.actions.evidence import record_activity, record_buyer_act, record_evidence
from headway.store.actions.standing import refresh
from headway.store.actions.visits import find_nothing, record_visit
from headway.store.models import Deal, Entry, Event, Membership, Owner, Workspace
from headway.store.queries.histories import deal_history
from headway.store.queries.my_deals import (
    PER_PAGE,
    about_of,
    has_buyer_acts,
    has_deals,
    known_of,
    list_open_deals,
    names_of,
    processes_of,
    standing_of,
)
from headway.store.queries.ten_minutes import answered_of, list_largest
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def deal_of(cast: Cast, name: str = "Fleet renewal", owner: str = "Bob Adler") -> Deal:
    """An open deal, added now."""
    return add_deal(workspace=cast.workspace, name=name, by=cast.bob, at=NOW, owner=owner, account="ACME")


def show(deal: Deal, cast: Cast, milestone: str, at: datetime = NOW, **more: str) -> Event:
    """Evidence with a quote."""
    return record_evidence(
        deal=deal, milestone=milestone, source="quote", grade=1, by=cast.bob, at=at, happened_at=at, quote="Yes", **more
    )  # fmt: skip


def questions(deals: list[Deal], at: datetime) -> dict[int, NextQuestion]:
    """What the rows of these deals ask."""
    known, processes = known_of(deals), processes_of(deals)
    found = {}
    for deal in deals:
        process = processes[deal.pk]
        standing = standing_of(deal, process, known[deal.pk], at)
        found[deal.pk] = next_question(about_of(deal, known[deal.pk], at), standing, process, as_of=AsOf.moment(at))
    return found


def fresh(*deals: Deal) -> list[Deal]:
    """These rows as they stand in the table."""
    return list(Deal.objects.filter(pk__in=[deal.pk for deal in deals]).select_related("owner").order_by("pk"))


def test_two_deals_at_one_stage_with_different_evidence_never_show_the_same_text(cast: Cast) -> None:
    one, other = deal_of(cast), deal_of(cast)  # alike in everything, the name too
    for deal in (one, other):
        claim_stage(deal=deal, stage="Budget authority secured", by=cast.bob, at=NOW)
        add_contact(deal=deal, name="Maria Ito", part="champion", by=cast.bob, at=NOW)
    texts = {found.text for found in questions(fresh(one, other), NOW).values()}
    assert len(texts) == 1  # nothing tells them apart yet
    show(one, cast, "problem_stated", contact="Maria Ito")
    texts = {found.text for found in questions(fresh(one, other), NOW).values()}
    assert len(texts) == 2
    show(other, cast, "problem_confirmed", contact="Maria Ito")
    found = list(questions(fresh(one, other), NOW).values())
    assert len({one.text for one in found}) == 2
    assert {one.contact for one in found} == {"Maria Ito"}
    assert [one.about for one in found] == ["problem_confirmed", "problem_stated"]


def test_who_to_ask_is_asked_where_nobody_is_known(cast: Cast) -> None:
    found = questions(fresh(deal_of(cast)), NOW).popitem()[1]
    assert found.contact is None
    assert found.text.startswith("Who at ACME")


@pytest.mark.slow
def test_the_firm(cast: Cast, tmp_path: Path) -> None:
    """Rows carry what the full history says, and no two open deals of the simulated firm ask the same."""
    files = simulate(7, NOW.date() - DAY, 3, 6).write(tmp_path)
    load_files(cast.elsewhere, files[:3], cast.carol, NOW, files[3:4])
    for deal in Deal.objects.filter(outcome=""):
        refresh(deal=deal, at=NOW, touched=False)
    deals = list(Deal.objects.filter(workspace=cast.elsewhere, outcome="").select_related("owner", "version"))
    assert len(deals) > 15
    known, processes = known_of(deals), processes_of(deals)
    for deal in deals:
        process = processes[deal.pk]
        limit = process.limits.silence_days
        full = deal_standing(deal_history(deal), process, AsOf.moment(NOW), silence_limit_days=limit)
        mine = standing_of(deal, process, known[deal.pk], NOW)
        assert mine.proofs == full.proofs
        assert (mine.claimed_rank, mine.evidenced_rank, mine.gap, mine.standing) == (
            full.claimed_rank, full.evidenced_rank, full.gap, full.standing
        )  # fmt: skip
        assert mine.silence_days == pytest.approx(full.silence_days) if full.silence_days else not mine.silence_days
    told = {(deal.name, questions([deal], NOW)[deal.pk].text) for deal in deals}
    texts = [text for _, text in told]
    unknown = [text for text in texts if text.startswith("Who at")]
    assert len(set(texts) - set(unknown)) == len(texts) - len(unknown)
    assert len(told) == len(deals)


def test_what_the_row_says_is_what_was_stored_with_it(cast: Cast) -> None:
    deal = deal_of(cast)
    add_contact(deal=deal, name="Maria Ito", part="champion", by=cast.bob, at=NOW)
    show(deal, cast, "problem_stated", contact="Maria Ito")
    [row] = fresh(deal)
    assert row.question == questions([row], NOW)[deal.pk].text


def test_events_taken_back_and_what_only_the_seller_did_are_not_told(cast: Cast) -> None:
    deal = deal_of(cast)
    record_activity(deal=deal, what="call", by=cast.bob, at=NOW, happened_at=NOW)
    event = record_buyer_act(deal=deal, what="replied", by=cast.bob, at=NOW, happened_at=NOW, contact="Jan Novak")
    [known] = known_of(fresh(deal)).values()
    kinds = [one.kind for one in known.history.events]
    assert EventKind.BUYER_ACTED in kinds and EventKind.ACTIVITY_DONE not in kinds
    assert names_of(known) == ("Jan Novak",)
    assert all(one.happened_at.tzinfo for one in known.history.events)
    take_back(event=event, by=cast.bob, at=NOW + DAY)
    [known] = known_of(fresh(deal)).values()
    assert EventKind.BUYER_ACTED not in [one.kind for one in known.history.events]


def test_what_a_row_knows_of_its_history_is_the_history(cast: Cast) -> None:
    deal = deal_of(cast)
    claim_stage(deal=deal, stage="Budget authority secured", by=cast.bob, at=NOW)
    show(deal, cast, "problem_stated", contact="Maria Ito")
    [known] = known_of(fresh(deal)).values()
    full = deal_history(deal).events
    bare = [(e.kind, e.happened_at, e.ordinal, e.name, e.recorded_at, e.contact, e.grade, e.ref, e.note) for e in full]
    mine = known.history.events
    assert bare == [
        (e.kind, e.happened_at, e.ordinal, e.name, e.recorded_at, e.contact, e.grade, e.ref, e.note) for e in mine
    ]


def test_a_deal_without_a_process_still_ends_in_a_question(cast: Cast) -> None:
    deal = deal_of(cast)
    Deal.objects.filter(pk=deal.pk).update(version=None)
    refresh(deal=deal, at=NOW)
    assert "?" in questions(fresh(deal), NOW)[deal.pk].text


def test_the_list_is_ones_own_by_attention_twenty_at_a_time(cast: Cast) -> None:
    access, owner = cast.access(cast.bob), Owner.objects.get(workspace=cast.workspace, name="Bob Adler")
    deals = [deal_of(cast, f"Deal {number}") for number in range(PER_PAGE + 3)]
    others = deal_of(cast, "Of somebody else", owner="Eve Other")
    gone = deal_of(cast, "Gone again")
    drop_deal(deal=gone, by=cast.bob, at=NOW)
    decided = deal_of(cast, "Decided")
    from headway.deals.events import Outcome

    decide_deal(deal=decided, outcome=Outcome.WON, by=cast.bob, at=NOW)
    Deal.objects.filter(pk=deals[-1].pk).update(attention=9.0)
    first, more = list_open_deals(access, owner.pk)
    second, last = list_open_deals(access, owner.pk, 2)
    assert first[0] == deals[-1]
    assert (len(first), more, len(second), last) == (PER_PAGE, True, 3, False)
    assert {deal.pk for deal in first + second} == {deal.pk for deal in deals}
    everybody = {deal.pk for page in (1, 2) for deal in list_open_deals(access, None, page)[0]}
    assert everybody == {deal.pk for deal in [*deals, others]}


def test_nothing_of_another_workspace_is_listed(cast: Cast) -> None:
    deal_of(cast)
    access = cast.access(cast.carol)
    assert list_open_deals(access, None) == ([], False)
    assert list_largest(access, None) == []
    assert not has_deals(access)


def test_whether_any_buyer_was_seen(cast: Cast) -> None:
    deal, access = deal_of(cast), cast.access(cast.bob)
    assert not has_buyer_acts(access)
    record_buyer_act(deal=deal, what="replied", by=cast.bob, at=NOW, happened_at=NOW)
    assert has_buyer_acts(access)


def test_a_visit_is_written_at_most_once_an_hour(cast: Cast) -> None:
    def visited(at: datetime) -> datetime | None:
        membership = Membership.objects.get(workspace=cast.workspace, person=cast.bob)
        record_visit(membership=membership, at=at)
        membership.refresh_from_db()
        return membership.last_visit_at

    assert visited(NOW) == NOW
    assert visited(NOW + timedelta(minutes=59)) == NOW
    assert visited(NOW + timedelta(minutes=61)) == NOW + timedelta(minutes=61)


def test_the_ten_largest_come_by_amount_and_the_unknown_last(cast: Cast) -> None:
    deals = [deal_of(cast, f"Deal {number}") for number in range(12)]
    for number, deal in enumerate(deals[:5]):
        Deal.objects.filter(pk=deal.pk).update(amount=1000 * (number + 1))
    found = list_largest(cast.access(cast.bob), None)
    assert len(found) == 10
    assert [deal.pk for deal in found[:5]] == [deal.pk for deal in reversed(deals[:5])]


def test_a_deal_is_answered_by_an_act_or_by_nothing_to_point_to_until_that_is_taken_back(cast: Cast) -> None:
    acted, nothing, silent = deal_of(cast, "A"), deal_of(cast, "B"), deal_of(cast, "C")
    record_buyer_act(deal=acted, what="replied", by=cast.bob, at=NOW, happened_at=NOW)
    event = find_nothing(deal=nothing, by=cast.bob, at=NOW)
    deals = fresh(acted, nothing, silent)
    assert answered_of(deals, known_of(deals)) == {acted.pk, nothing.pk}
    nothing.refresh_from_db()
    assert (nothing.standing, nothing.last_buyer_act_at) == ("unseen", None)
    assert Entry.objects.filter(workspace=cast.workspace, verb="look at deal", target=f"deal {nothing.key}").exists()
    take_back(event=event, by=cast.bob, at=NOW + DAY)
    assert answered_of(deals, known_of(deals)) == {acted.pk}
    assert Workspace.objects.count() == 2
