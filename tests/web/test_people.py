"""People, invitations, workspaces and the audit, as each role meets them; Carol meets nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from headway.store.actions.audit import append_entry
from headway.store.models import Entry, Invitation, Membership, Owner, Person, Workspace
from headway.store.queries.access import get_access
from tests.cast import NOW, PASSWORD, Cast, client_of
from tests.web.pages import text_of, to, undo

pytestmark = pytest.mark.django_db
LINK = re.compile(r'value="(http://testserver/people/join/)#([\w-]{43})"')


def invite(cast: Cast, email: str = "nora@example.com", role: str = "seller") -> str:
    answer = client_of(cast.alice).post(to(cast, "invite"), {"email": email, "role": role})
    found = LINK.search(answer.content.decode())
    assert found, answer.content.decode()
    return found.group(2)


# --- members ---


def test_everybody_sees_who_is_a_member_and_only_some_may_change_it(cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.olga, cast.vera):
        page = client_of(person).get(to(cast, "members"))
        assert page.status_code == 200
        assert "Vera Adler" in page.content.decode()
        may = person in (cast.alice, cast.olga)
        assert (to(cast, "invite") in page.content.decode()) == may
        status = client_of(person).get(to(cast, "member", key=cast.vera.key)).status_code
        assert status == (200 if may else 403)


def test_a_role_is_changed_and_the_change_undone(cast: Cast) -> None:
    client = client_of(cast.alice)
    page = client.post(to(cast, "member_role", key=cast.bob.key), {"role": "operations"}, follow=True)
    assert "Bob Adler is operations from now on." in page.content.decode()
    assert get_access(cast.bob, cast.workspace.key).role == "operations"
    assert b"seller again" in undo(client, cast, page, to(cast, "members")).content
    assert get_access(cast.bob, cast.workspace.key).role == "seller"


def test_a_member_is_linked_to_their_deals_and_unlinked(cast: Cast) -> None:
    client = client_of(cast.olga)
    page = client.post(to(cast, "member_owner", key=cast.vera.key), {"owner": "V. Adler"}, follow=True)
    assert "Deals of V. Adler are Vera Adler’s." in page.content.decode()
    undo(client, cast, page, to(cast, "members"))
    assert get_access(cast.vera, cast.workspace.key).membership.owner is None
    page = client.post(to(cast, "member_owner", key=cast.vera.key), {"owner": "Bob Adler"})
    assert page.status_code == 422
    assert "Bob Adler is linked to another member already" in page.content.decode()


def test_an_end_takes_effect_in_an_open_session_and_can_be_undone(cast: Cast) -> None:
    bob, alice = client_of(cast.bob), client_of(cast.alice)
    assert bob.get(to(cast, "members")).status_code == 200
    page = alice.post(to(cast, "member_end", key=cast.bob.key), follow=True)
    assert bob.get(to(cast, "members")).status_code == 404
    undo(alice, cast, page, to(cast, "members"))
    assert bob.get(to(cast, "members")).status_code == 200


def test_the_last_leader_cannot_be_ended(cast: Cast) -> None:
    page = client_of(cast.olga).post(to(cast, "member_end", key=cast.alice.key))
    assert page.status_code == 422
    assert "Alice Adler is the only leader here: make somebody else a leader first." in page.content.decode()
    assert get_access(cast.alice, cast.workspace.key)


def test_who_may_not_change_people_changes_nobody(cast: Cast) -> None:
    before = list(Membership.objects.order_by("pk").values())
    for person in (cast.bob, cast.vera):
        client = client_of(person)
        for name, given in (("member_role", {"role": "leader"}), ("member_owner", {"owner": "x"}), ("member_end", {})):
            assert client.post(to(cast, name, key=person.key), given).status_code == 403
        assert client.post(to(cast, "invite"), {"email": "x@example.com", "role": "leader"}).status_code == 403
    assert list(Membership.objects.order_by("pk").values()) == before
    assert not Invitation.objects.exists()


def test_looking_at_a_member_is_told_to_the_member(cast: Cast) -> None:
    client_of(cast.alice).get(to(cast, "member", key=cast.bob.key))
    entry = Entry.objects.get(verb="saw")
    assert (entry.by, entry.target) == (cast.alice, f"person {cast.bob.key}")
    page = client_of(cast.bob).get(to(cast, "audit")).content.decode()
    assert "Alice Adler" in page
    assert "saw" in page


# --- invitations ---


def test_the_link_is_shown_once_and_is_nowhere_in_the_database(cast: Cast) -> None:
    token = invite(cast)
    later = client_of(cast.alice).get(to(cast, "invitations")).content.decode()
    assert "nora@example.com" in later
    assert token not in later
    for model in (Invitation, Entry):
        assert token not in str(list(model.objects.values()))


def test_a_stranger_joins_through_the_link(cast: Cast) -> None:
    client, token = Client(), invite(cast)
    assert "Paste it here" in client.get(reverse("join")).content.decode()
    page = client.post(reverse("join"), {"token": token}, follow=True).content.decode()
    assert "Join Acme Sales" in page
    assert "Alice Adler invited you, as seller." in page
    answer = client.post(reverse("join"), {"name": "Nora New", "password": "four odd words here"})
    assert answer["Location"] == to(cast, "home")
    person = Person.objects.get(email="nora@example.com")
    assert get_access(person, cast.workspace.key).role == "seller"
    assert client.get(to(cast, "members")).status_code == 200, "they are logged in"
    assert "was used" in Client().post(reverse("join"), {"token": token}).content.decode()


def test_what_was_typed_stays_when_a_password_is_too_weak(cast: Cast) -> None:
    client, token = Client(), invite(cast)
    client.post(reverse("join"), {"token": token})
    page = client.post(reverse("join"), {"name": "Nora New", "password": "password1234"})
    assert page.status_code == 422
    assert 'value="Nora New"' in page.content.decode()
    assert "too common" in page.content.decode()
    assert not Person.objects.filter(email="nora@example.com").exists()


def test_who_has_an_account_logs_in_first_and_joins_then(cast: Cast) -> None:
    client, token = Client(), invite(cast, "carol@example.com", "viewer")
    page = client.post(reverse("join"), {"token": f"http://testserver/people/join/#{token}"}, follow=True)
    assert "Log in to join" in page.content.decode()
    refused = client.post(reverse("join"), {"name": "Not Carol", "password": "four odd words here"})
    assert refused.status_code == 200, "an account of that address cannot be made anew or taken over"
    log_in = client.post(
        reverse("account_login") + "?next=/people/join/",
        {"login": "carol@example.com", "password": PASSWORD, "next": "/people/join/"},
        follow=True,
    )
    assert "Join as Carol Adler" in log_in.content.decode()
    client.post(reverse("join"))
    assert get_access(cast.carol, cast.workspace.key).role == "viewer"


def test_opening_a_link_uses_nothing_up(cast: Cast) -> None:
    token = invite(cast)
    for _ in range(3):
        assert Client().post(reverse("join"), {"token": token}).status_code == 302
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é\x00"])
def test_a_wrong_link_gets_a_sentence(cast: Cast, token: str) -> None:
    page = Client().post(reverse("join"), {"token": token})
    assert page.status_code == 422
    assert 'class="error"' in page.content.decode()


def test_guessing_links_is_slowed_down(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="192.0.2.77")
    pages = [client.post(reverse("join"), {"token": f"{number:043d}"}).content.decode() for number in range(25)]
    assert "ask for a new one" in pages[0]
    assert "wait fifteen minutes" in pages[-1]


def test_a_revoked_invitation_stops_working_and_the_undo_restores_it(cast: Cast) -> None:
    token, alice = invite(cast), client_of(cast.alice)
    key = Invitation.objects.get().key
    page = alice.post(to(cast, "revoke_invitation", key=key), follow=True)
    assert Client().post(reverse("join"), {"token": token}).status_code == 422
    assert b"works again" in undo(alice, cast, page, to(cast, "members")).content
    assert Client().post(reverse("join"), {"token": token}).status_code == 302


def test_a_new_link_replaces_the_old_one(cast: Cast) -> None:
    old = invite(cast)
    page = client_of(cast.olga).post(to(cast, "resend_invitation", key=Invitation.objects.get().key))
    new = LINK.search(page.content.decode())
    assert new
    assert new.group(2) != old
    assert Client().post(reverse("join"), {"token": old}).status_code == 422
    assert Client().post(reverse("join"), {"token": new.group(2)}).status_code == 302


def test_where_mail_works_the_link_is_mailed(cast: Cast, settings: object) -> None:
    settings.MAIL_WORKS = True  # type: ignore[attr-defined]
    token = invite(cast, "nora@example.com")
    (sent,) = mail.outbox
    assert sent.to == ["nora@example.com"]
    assert sent.subject == "Alice Adler invites you to Acme Sales"
    assert f"/people/join/#{token}" in str(sent.body)


def test_a_name_with_line_breaks_cannot_write_mail_headers(cast: Cast, settings: object) -> None:
    settings.MAIL_WORKS = True  # type: ignore[attr-defined]
    Person.objects.filter(pk=cast.alice.pk).update(name="Alice\r\nBcc: everybody@example.com")
    Workspace.objects.filter(pk=cast.workspace.pk).update(name="Acme\nSales")
    invite(cast)
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["nora@example.com"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "", "role": "seller"}, "Write the mail address."),
        ({"email": "nora", "role": "seller"}, "This is no mail address"),
        ({"email": "bob@example.com", "role": "seller"}, "bob@example.com is a member already."),
        ({"email": "nora@example.com", "role": "king"}, "king"),
        ({"email": "nora@example.com"}, "required"),
    ],
)
def test_a_wrong_invitation_keeps_what_was_typed(cast: Cast, given: dict[str, str], sentence: str) -> None:
    page = client_of(cast.alice).post(to(cast, "invite"), given)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert f'value="{given["email"]}"' in page.content.decode() or not given["email"]
    assert not Invitation.objects.exists()


# --- workspaces and settings ---


def test_the_list_of_workspaces_and_a_new_one(cast: Cast) -> None:
    client = client_of(cast.olga)
    assert "Acme Sales" in client.get(reverse("workspaces")).content.decode()
    given = {"name": "Beta", "currency": "USD", "zone": "America/New_York"}
    answer = client.post(reverse("make_workspace"), given)
    made = Workspace.objects.get(name="Beta")
    assert answer["Location"] == reverse("home", kwargs={"w": made.key})
    assert get_access(cast.olga, made.key).role == "leader"
    assert client_of(cast.bob).post(reverse("make_workspace"), given).status_code == 403
    assert client.post(reverse("make_workspace"), {**given, "name": " "}).status_code == 422


def test_the_start_leads_to_the_workspace_last_visited(cast: Cast) -> None:
    client = client_of(cast.olga)
    client.post(reverse("make_workspace"), {"name": "Zeta", "currency": "EUR", "zone": "UTC"})
    zeta = Workspace.objects.get(name="Zeta")
    for workspace in (zeta, cast.workspace, zeta):
        client.get(reverse("members", kwargs={"w": workspace.key}))
        assert client.get("/")["Location"] == reverse("home", kwargs={"w": workspace.key})


def test_a_forged_last_workspace_opens_nothing(cast: Cast) -> None:
    client = client_of(cast.carol)
    client.cookies["headway-workspace"] = cast.workspace.key
    assert client.get("/")["Location"] == reverse("home", kwargs={"w": cast.elsewhere.key})


def test_somebody_without_a_workspace_is_told_what_to_do() -> None:
    lonely = Person.objects.create(email="l@example.com", name="Lou", date_joined=NOW)
    page = client_of(lonely).get("/", follow=True).content.decode()
    assert "You are in no workspace" in page
    assert "Ask somebody on your team to invite you" in page


def test_ones_own_settings(cast: Cast) -> None:
    client = client_of(cast.bob)
    given = {"name": " Bob  B. ", "zone": "Europe/Berlin", "theme": "dark"}
    page = client.post(reverse("person_settings"), given, follow=True).content.decode()
    assert 'data-theme="dark"' in page
    bob = Person.objects.get(pk=cast.bob.pk)
    assert (bob.name, bob.zone, bob.theme, bob.keys_on) == ("Bob B.", "Europe/Berlin", "dark", False)
    wrong = client.post(reverse("person_settings"), {**given, "zone": "Mars/Base"})
    assert wrong.status_code == 422
    assert Person.objects.get(pk=cast.bob.pk).zone == "Europe/Berlin"


def test_pages_go_back_to_today_and_again_to_that_day(cast: Cast) -> None:
    day = NOW - timedelta(days=90)
    Workspace.objects.filter(pk=cast.workspace.pk).update(shows_at=day)
    assert client_of(cast.bob).post(to(cast, "show_today")).status_code == 403
    client = client_of(cast.alice)
    assert client.get(to(cast, "show_today")).status_code == 405
    page = client.post(to(cast, "show_today"), {"back": to(cast, "members")}, follow=True)
    assert page.redirect_chain[-1][0] == to(cast, "members")
    assert Workspace.objects.get(pk=cast.workspace.pk).shows_at is None
    undo(client, cast, page, to(cast, "members"))
    assert Workspace.objects.get(pk=cast.workspace.pk).shows_at == day


# --- the audit ---


def test_the_audit_names_an_owner_of_deals(cast: Cast) -> None:
    owner = Owner.objects.create(workspace=cast.workspace, name="Nobody’s Login")
    for target in (f"owner {owner.pk}", "owner 999999", "gate abcdefghjkmn"):
        append_entry(workspace=cast.workspace, by=cast.alice, at=NOW, verb="saw", target=target)
    text = text_of(client_of(cast.alice).get(to(cast, "audit")))
    assert "saw Nobody’s Login" in text and "saw an owner of deals" in text and "saw a gate" in text
    assert "999999" not in text


def test_the_audit_filters_by_its_address_and_pages(cast: Cast) -> None:
    client = client_of(cast.alice)
    for number in range(60):
        client.post(to(cast, "member_role", key=cast.vera.key), {"role": ("seller", "viewer")[number % 2]})
    first = client.get(to(cast, "audit"), {"verb": "change role"}).content.decode()
    assert first.count('class="audit-line"') == 50
    older = re.search(r'href="(\?[^"]*before=\d+)"', first)
    assert older
    second = client.get(to(cast, "audit") + older.group(1).replace("&amp;", "&")).content.decode()
    assert second.count('class="audit-line"') == 10
    assert "added as" not in second
    none = client.get(to(cast, "audit"), {"day": "1999-01-01"}).content.decode()
    assert "No entry fits" in none
    wrong = client.get(to(cast, "audit"), {"day": "yesterday"})
    assert wrong.status_code == 422
    assert "This is no day" in wrong.content.decode()


def test_the_audit_speaks_of_people_by_their_names_and_keeps_only_keys(cast: Cast) -> None:
    client_of(cast.alice).post(to(cast, "member_end", key=cast.vera.key))
    page = client_of(cast.olga).get(to(cast, "audit")).content.decode()
    assert re.search(r"<b>Alice Adler</b> ended the membership of Vera Adler", page)
    assert "Adler" not in str(list(Entry.objects.values("verb", "target", "detail")))


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣"])
def test_an_odd_page_of_the_audit_is_no_error(cast: Cast, before: str) -> None:
    assert client_of(cast.alice).get(to(cast, "audit"), {"before": before}).status_code == 200


# --- Carol ---


def test_carol_meets_nothing_by_any_key(cast: Cast) -> None:
    invite(cast)
    key = Invitation.objects.get().key
    carol = client_of(cast.carol)
    before = list(Membership.objects.order_by("pk").values()), list(Invitation.objects.values())
    for workspace in (cast.workspace, cast.elsewhere):
        here = {"w": workspace.key}
        person, letter = {**here, "key": cast.bob.key}, {**here, "key": key}
        posts = [
            reverse(name, kwargs=keys)
            for name, keys in (
                ("member_role", person), ("member_owner", person), ("member_end", person),
                ("resend_invitation", letter), ("revoke_invitation", letter),
            )
        ]  # fmt: skip
        statuses = [carol.post(url, {"role": "viewer", "owner": "x"}).status_code for url in posts]
        assert statuses == [404] * 5
        assert carol.get(reverse("member", kwargs=person)).status_code == 404
    for name in ("members", "invitations", "invite", "audit"):
        assert carol.get(to(cast, name)).status_code == 404
    assert (list(Membership.objects.order_by("pk").values()), list(Invitation.objects.values())) == before
