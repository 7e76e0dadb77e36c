"""Roles, owners, ends of memberships, and the invitations that begin them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from headway.basics.errors import UserError
from headway.store.actions.invitations import (
    invite,
    join,
    join_anew,
    resend_invitation,
    restore_invitation,
    revoke_invitation,
)
from headway.store.actions.members import change_role, end_membership, link_owner, restore_membership
from headway.store.actions.workspaces import (
    make_person,
    make_setup_link,
    make_workspace,
    show_day,
    show_today,
    use_setup_link,
)
from headway.store.models import Entry, Invitation, Membership, Person, SetupLink, Workspace
from headway.store.queries.access import NotFoundError, get_access
from headway.store.queries.people import find_open_invitation, get_member, list_members, may_make_workspace
from tests.cast import NOW, PASSWORD, Cast, make_cast

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def verbs(cast: Cast) -> list[str]:
    return list(Entry.objects.filter(workspace=cast.workspace).order_by("number").values_list("verb", flat=True))


def membership(cast: Cast, person: Person) -> Membership:
    return get_member(cast.access(cast.alice), person.key)


def test_a_role_changes_and_the_audit_says_from_what_to_what() -> None:
    cast = make_cast()
    change_role(membership=membership(cast, cast.bob), role="operations", by=cast.alice, at=LATER)
    assert get_access(cast.bob, cast.workspace.key).role == "operations"
    entry = Entry.objects.filter(workspace=cast.workspace).latest("number")
    assert (entry.verb, entry.target, entry.detail) == (
        "change role", f"person {cast.bob.key}", {"from": "seller", "to": "operations"},
    )  # fmt: skip


def test_the_same_role_again_is_no_change() -> None:
    cast = make_cast()
    before = verbs(cast)
    change_role(membership=membership(cast, cast.bob), role="seller", by=cast.alice, at=LATER)
    assert verbs(cast) == before


@pytest.mark.parametrize("how", ["ends", "steps down"])
def test_a_workspace_keeps_a_leader(how: str) -> None:
    cast = make_cast()
    alice = membership(cast, cast.alice)
    with pytest.raises(UserError, match="only leader"):
        if how == "ends":
            end_membership(membership=alice, by=cast.alice, at=LATER)
        else:
            change_role(membership=alice, role="seller", by=cast.alice, at=LATER)
    change_role(membership=membership(cast, cast.bob), role="leader", by=cast.alice, at=LATER)
    end_membership(membership=alice, by=cast.bob, at=LATER)
    assert [member.person for member in list_members(cast.access(cast.bob)) if member.role == "leader"] == [cast.bob]


def test_an_end_takes_access_away_at_once_and_can_be_undone() -> None:
    cast = make_cast()
    bob = membership(cast, cast.bob)
    end_membership(membership=bob, by=cast.alice, at=LATER)
    with pytest.raises(NotFoundError):
        get_access(cast.bob, cast.workspace.key)
    restore_membership(membership=bob, by=cast.alice, at=LATER)
    assert get_access(cast.bob, cast.workspace.key).membership.owner == bob.owner
    with pytest.raises(UserError, match="already"):
        restore_membership(membership=bob, by=cast.alice, at=LATER)


def test_an_owner_belongs_to_one_member() -> None:
    cast = make_cast()
    with pytest.raises(UserError, match="another member"):
        link_owner(membership=membership(cast, cast.vera), owner="Bob Adler", by=cast.alice, at=LATER)
    link_owner(membership=membership(cast, cast.bob), owner="", by=cast.alice, at=LATER)
    linked = link_owner(membership=membership(cast, cast.vera), owner="  Bob   Adler ", by=cast.alice, at=LATER)
    assert linked.owner is not None
    assert linked.owner.name == "Bob Adler"


def test_an_invited_stranger_joins_with_a_new_account() -> None:
    cast = make_cast()
    invitation, token = invite(workspace=cast.workspace, email=" New@Example.com", role="seller", by=cast.alice, at=NOW)
    assert token not in "".join(map(str, Invitation.objects.filter(pk=invitation.pk).values_list().get()))
    found = find_open_invitation(LATER, token=token)
    assert found == invitation
    person = join_anew(invitation=invitation, name="Nora New", password=PASSWORD, at=LATER)
    assert person.email == "new@example.com"
    assert get_access(person, cast.workspace.key).role == "seller"
    assert find_open_invitation(LATER, token=token) is None
    with pytest.raises(UserError, match="ask for a new one"):
        join(invitation=invitation, person=cast.carol, at=LATER)


def test_somebody_with_an_account_joins_as_who_they_are() -> None:
    cast = make_cast()
    invitation, _ = invite(workspace=cast.workspace, email="carol@example.com", role="viewer", by=cast.alice, at=NOW)
    join(invitation=invitation, person=cast.carol, at=LATER)
    assert get_access(cast.carol, cast.workspace.key).role == "viewer"
    assert get_access(cast.carol, cast.elsewhere.key).role == "leader"


def test_who_is_a_member_already_keeps_their_role() -> None:
    cast = make_cast()
    invitation, _ = invite(workspace=cast.workspace, email="other@example.com", role="viewer", by=cast.alice, at=NOW)
    join(invitation=invitation, person=cast.bob, at=LATER)
    assert get_access(cast.bob, cast.workspace.key).role == "seller"
    with pytest.raises(UserError, match="member already"):
        invite(workspace=cast.workspace, email="BOB@example.com", role="viewer", by=cast.alice, at=LATER)


@pytest.mark.parametrize(("days", "works"), [(13.99, True), (14, False)])
def test_an_invitation_lasts_fourteen_days(days: float, works: bool) -> None:
    cast = make_cast()
    invitation, token = invite(workspace=cast.workspace, email="n@example.com", role="seller", by=cast.alice, at=NOW)
    at = NOW + timedelta(days=days)
    assert (find_open_invitation(at, token=token) is not None) == works
    if not works:
        with pytest.raises(UserError, match="14 days"):
            join_anew(invitation=invitation, name="N", password=PASSWORD, at=at)
        assert not Person.objects.filter(email="n@example.com").exists()


def test_a_new_link_ends_the_old_one_and_a_revoked_one_works_no_more() -> None:
    cast = make_cast()
    invitation, old = invite(workspace=cast.workspace, email="n@example.com", role="seller", by=cast.alice, at=NOW)
    late = NOW + timedelta(days=20)
    _, new = resend_invitation(invitation=invitation, by=cast.olga, at=late)
    assert find_open_invitation(late, token=old) is None
    assert find_open_invitation(late, token=new) is not None
    revoke_invitation(invitation=invitation, by=cast.alice, at=late)
    assert find_open_invitation(late, token=new) is None
    restore_invitation(invitation=invitation, by=cast.alice, at=late)
    assert find_open_invitation(late, token=new) is not None
    assert verbs(cast)[-4:] == ["invite", "resend invitation", "revoke invitation", "restore invitation"]


def test_inviting_an_address_again_replaces_the_first_invitation() -> None:
    cast = make_cast()
    _, first = invite(workspace=cast.workspace, email="n@example.com", role="seller", by=cast.alice, at=NOW)
    _, second = invite(workspace=cast.workspace, email="N@example.com", role="viewer", by=cast.alice, at=NOW)
    assert find_open_invitation(LATER, token=first) is None
    found = find_open_invitation(LATER, token=second)
    assert found is not None
    assert found.role == "viewer"


def test_the_setup_link_makes_one_account_once() -> None:
    token = make_setup_link(at=NOW)
    newer = make_setup_link(at=NOW)
    assert token and newer
    assert token not in "".join(SetupLink.objects.values_list("token_hash", flat=True))
    given = {"email": "first@example.com", "name": "First", "password": PASSWORD, "workspace": "Acme", "at": NOW}
    with pytest.raises(UserError, match="newest"):
        use_setup_link(token=token, **given)
    person = use_setup_link(token=newer, **given)
    assert person.operator
    assert Workspace.objects.get().name == "Acme"
    with pytest.raises(UserError, match="used"):
        use_setup_link(token=newer, **{**given, "email": "second@example.com"})
    assert make_setup_link(at=LATER) is None


def test_leaders_operations_and_operators_may_make_workspaces() -> None:
    cast = make_cast()
    may = {person.email.split("@")[0]: may_make_workspace(person) for person in Person.objects.all()}
    assert may == {"alice": True, "bob": False, "olga": True, "vera": False, "carol": True}
    operator = make_person(email="op@example.com", name="Op", password=PASSWORD, at=NOW, operator=True)
    assert may_make_workspace(operator)
    made = make_workspace(name="  Two   words ", by=cast.olga, at=NOW, currency="usd", zone="Europe/Berlin")
    assert (made.name, made.currency, made.zone) == ("Two words", "USD", "Europe/Berlin")


def test_pages_show_today_and_the_day_can_come_back() -> None:
    cast = make_cast()
    workspace = Workspace.objects.get(pk=cast.workspace.pk)
    day = NOW - timedelta(days=90)
    show_day(workspace=workspace, shows_at=day, by=cast.alice, at=NOW)
    assert show_today(workspace=workspace, by=cast.alice, at=LATER) == day
    assert show_today(workspace=workspace, by=cast.alice, at=LATER) is None
    assert verbs(cast)[-2:] == ["show day", "show today"]
