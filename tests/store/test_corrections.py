"""Findings over real analyses: known again, mended by an act that is named, ended by people, open again when undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from headway.basics.errors import UserError
from headway.deals.events import Outcome
from headway.jobs.analysis import analyse
from headway.reviews.correction import How
from headway.store.actions.corrections import correct_finding, take_back_correction
from headway.store.actions.deals import add_deal, claim_stage, decide_deal
from headway.store.actions.evidence import record_evidence
from headway.store.guards import ALL, enter
from headway.store.models import Correction, Deal, DealFinding, Entry, FindingEnd
from headway.store.queries.versions import process_of
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def deal(cast: Cast) -> Deal:
    """One whose claim is two stages ahead of its buyer, who was seen once."""
    made = add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
    show(cast, made, 0, NOW)
    stages = process_of(cast.version).stages
    claim_stage(deal=made, stage=stages[2].name, by=cast.bob, at=NOW + DAY)
    return made


def show(cast: Cast, deal: Deal, stage: int, at: datetime) -> None:
    """The buyer does all that a stage requires."""
    for milestone in process_of(cast.version).stages[stage].milestones:
        record_evidence(
            deal=deal, milestone=milestone.id, source="quote", grade=2, by=cast.bob, at=at, happened_at=at,
            quote="Yes, we did", contact="Petra",
        )  # fmt: skip


def analysed(cast: Cast, at: datetime) -> list[DealFinding]:
    """What stands after an analysis at that moment."""
    cast.workspace.refresh_from_db()
    assert analyse(cast.workspace, at=at)
    enter(ALL)
    return list(DealFinding.objects.filter(workspace=cast.workspace, state="open").order_by("rule", "stage"))


def test_a_finding_is_known_again_and_its_age_goes_on(cast: Cast, deal: Deal) -> None:
    first = analysed(cast, NOW + 2 * DAY)
    assert first
    again = analysed(cast, NOW + 9 * DAY)
    kept = {one.mark: one.first_seen_at for one in again}
    for one in first:
        assert one.mark and len(one.mark) == 40
        assert kept[one.mark] == one.first_seen_at
    assert len({(one.deal_id, one.mark) for one in again}) == len(again)
    assert not FindingEnd.objects.exists()


def test_a_mended_one_closes_by_itself_and_names_the_act(cast: Cast, deal: Deal) -> None:
    unproven = [one for one in analysed(cast, NOW + 2 * DAY) if one.rule == "unproven_claim"]
    assert unproven
    for stage in (0, 1, 2):
        show(cast, deal, stage, NOW + 3 * DAY)
    left = analysed(cast, NOW + 4 * DAY)
    assert not [one for one in left if one.rule == "unproven_claim"]
    end = FindingEnd.objects.get(mark=unproven[0].mark)
    assert end.rule == "unproven_claim"
    assert end.first_seen_at == unproven[0].first_seen_at
    assert end.event is not None
    assert end.event.kind == "evidence_recorded"
    assert end.event.deal_id == deal.pk


def test_a_decision_of_the_buyer_empties_the_queue(cast: Cast, deal: Deal) -> None:
    assert analysed(cast, NOW + 2 * DAY)
    decide_deal(deal=deal, outcome=Outcome.LOST, by=cast.bob, at=NOW + 3 * DAY, reason="No budget")
    assert analysed(cast, NOW + 4 * DAY) == []


def test_what_people_ended_stays_ended_until_taken_back(cast: Cast, deal: Deal) -> None:
    finding = analysed(cast, NOW + 2 * DAY)[0]
    correct_finding(
        finding=finding, how=How.COACHED, note="Ask who signs", look_again_on=(NOW + 30 * DAY).date(), by=cast.alice,
        at=NOW + 3 * DAY,
    )  # fmt: skip
    assert finding.mark not in {one.mark for one in analysed(cast, NOW + 4 * DAY)}
    made = Correction.objects.get()
    assert (made.how, made.rule, made.owner.text if made.owner else "") == ("coached", finding.rule, "Bob Adler")
    assert Entry.objects.filter(verb="correct finding").count() == 1
    take_back_correction(correction=made, by=cast.alice, at=NOW + 5 * DAY)
    take_back_correction(correction=made, by=cast.alice, at=NOW + 5 * DAY)
    again = {one.mark: one.first_seen_at for one in analysed(cast, NOW + 6 * DAY)}
    assert again[finding.mark] == finding.first_seen_at
    assert Entry.objects.filter(verb="take back correction").count() == 1


def test_of_two_who_end_one_the_second_is_told(cast: Cast, deal: Deal) -> None:
    finding = analysed(cast, NOW + 2 * DAY)[0]
    correct_finding(finding=finding, how=How.PROCESS, note="Not for renewals", by=cast.alice, at=NOW + 3 * DAY)
    with pytest.raises(UserError, match="not open any more"):
        correct_finding(finding=finding, how=How.DATA, note="A slip", by=cast.bob, at=NOW + 3 * DAY)
    assert Correction.objects.count() == 1
