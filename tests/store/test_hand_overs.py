"""A workspace changes hands: offered, accepted, given back; never without a leader."""

from __future__ import annotations

from datetime import timedelta

import pytest

from headway.basics.errors import UserError
from headway.store.actions.hand_overs import accept_workspace, end_offer, offer_workspace, take_back_hand_over
from headway.store.actions.members import change_role, end_membership
from headway.store.models import Entry, HandOver, Membership
from headway.store.queries.access import NotFoundError, get_access
from headway.store.queries.audit import verify_chain
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def roles(cast: Cast) -> dict[str, str]:
    rows = Membership.objects.filter(workspace=cast.workspace, ended_at=None).select_related("person")
    return {row.person.email.split("@")[0]: row.role for row in rows}


def offered(cast: Cast, *, leaves: bool = False) -> HandOver:
    return offer_workspace(workspace=cast.workspace, to=cast.olga, leaves=leaves, by=cast.alice, at=NOW)


def test_the_new_leader_leads_and_the_old_one_runs_operations(cast: Cast) -> None:
    offer = offered(cast)
    assert roles(cast)["alice"] == "leader", "nothing changes before it is accepted"
    accept_workspace(offer=offer, by=cast.olga, at=NOW + DAY)
    assert roles(cast) == {"alice": "operations", "olga": "leader", "bob": "seller", "vera": "viewer"}
    assert verify_chain(cast.workspace).wrong == ""
    verbs = Entry.objects.filter(workspace=cast.workspace).order_by("-number").values_list("verb", flat=True)
    assert list(verbs[:2]) == ["accept workspace", "offer workspace"]


def test_who_leads_for_a_client_hands_over_and_leaves(cast: Cast) -> None:
    accept_workspace(offer=offered(cast, leaves=True), by=cast.olga, at=NOW + DAY)
    assert roles(cast) == {"olga": "leader", "bob": "seller", "vera": "viewer"}
    with pytest.raises(NotFoundError):
        get_access(cast.alice, cast.workspace.key)


@pytest.mark.parametrize("leaves", [False, True])
def test_given_back_within_a_week_everybody_is_what_they_were(cast: Cast, *, leaves: bool) -> None:
    before = roles(cast)
    offer = accept_workspace(offer=offered(cast, leaves=leaves), by=cast.olga, at=NOW)
    with pytest.raises(UserError, match="Only who accepted it"):
        take_back_hand_over(offer=offer, by=cast.alice, at=NOW + DAY)
    take_back_hand_over(offer=offer, by=cast.olga, at=NOW + DAY)
    assert roles(cast) == before
    with pytest.raises(UserError, match="once"):
        take_back_hand_over(offer=offer, by=cast.olga, at=NOW + DAY)


def test_after_a_week_it_stays(cast: Cast) -> None:
    offer = accept_workspace(offer=offered(cast), by=cast.olga, at=NOW)
    with pytest.raises(UserError, match="A week has gone by"):
        take_back_hand_over(offer=offer, by=cast.olga, at=NOW + 8 * DAY)


def test_the_only_leader_cannot_leave_without_handing_over(cast: Cast) -> None:
    mine = Membership.objects.get(workspace=cast.workspace, person=cast.alice)
    for leave in (
        lambda: end_membership(membership=mine, by=cast.alice, at=NOW),
        lambda: change_role(membership=mine, role="viewer", by=cast.alice, at=NOW),
    ):
        with pytest.raises(UserError, match="only leader"):
            leave()


def test_only_a_leader_offers_to_a_member_and_one_at_a_time(cast: Cast) -> None:
    for by, to in ((cast.olga, cast.bob), (cast.alice, cast.carol), (cast.alice, cast.alice)):
        with pytest.raises(UserError):
            offer_workspace(workspace=cast.workspace, to=to, leaves=False, by=by, at=NOW)
    offered(cast)
    with pytest.raises(UserError, match="An offer waits already"):
        offered(cast)


def test_declined_or_withdrawn_it_is_over(cast: Cast) -> None:
    for by in (cast.olga, cast.alice):
        offer = offered(cast)
        with pytest.raises(UserError, match="somebody else"):
            end_offer(offer=offer, by=cast.bob, at=NOW)
        end_offer(offer=offer, by=by, at=NOW)
        with pytest.raises(UserError, match="This offer is over"):
            accept_workspace(offer=offer, by=cast.olga, at=NOW)
    assert roles(cast)["alice"] == "leader"


def test_nobody_else_accepts_it_nor_what_is_no_longer_theirs_to_give(cast: Cast) -> None:
    offer = offered(cast)
    with pytest.raises(UserError, match="somebody else"):
        accept_workspace(offer=offer, by=cast.bob, at=NOW)
    row = {m.person_id: m for m in Membership.objects.filter(workspace=cast.workspace)}
    change_role(membership=row[cast.bob.pk], role="leader", by=cast.alice, at=NOW)
    change_role(membership=row[cast.alice.pk], role="viewer", by=cast.bob, at=NOW)
    with pytest.raises(UserError, match="does not lead this workspace any more"):
        accept_workspace(offer=offer, by=cast.olga, at=NOW)
