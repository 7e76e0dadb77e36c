"""A workspace that asks everybody for a second factor: nobody gets in without on any route, nobody else is hit."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from headway.basics.errors import UserError
from headway.store.actions.second_factor import ask_for_second_factor, lift_second_factor
from headway.store.actions.workspaces import add_member
from headway.store.guards import ALL, enter
from headway.store.models import Entry, Workspace
from headway.web.second_factor import BY_COMPANY
from tests.cast import NOW, PASSWORD, Cast, client_of
from tests.web.pages import text_of, to, undo
from tests.web.routes import furnish, list_routes

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.web.middleware.timezone.now", lambda: NOW)
    cache.clear()


def asked(cast: Cast, since: datetime = LONG_AGO) -> None:
    ask_for_second_factor(workspace=cast.workspace, since=since, by=cast.alice, at=NOW)
    enter(ALL)


def logged_in(email: str = "bob@example.com") -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def turn_on(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:
        client.post(page["Location"], {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'id="secret">([A-Z2-7]+)<', page.content.decode())
    assert secret
    assert client.post(reverse("mfa_activate_totp"), {"code": code_of(secret.group(1))}).status_code == 302
    cache.clear()  # its code was used once already, seconds ago
    return secret.group(1)


def is_in(client: Client, cast: Cast) -> bool:
    status = client.get(to(cast, "home")).status_code
    assert status in (200, 403)
    return status == 200


# --- the wall ---


@pytest.mark.parametrize("method", ["get", "post"])
def test_on_every_route_there_is_only_the_page_to_set_one_up(cast: Cast, method: str) -> None:
    keys = furnish(cast.workspace, cast.alice, cast.version, cast.bob)
    asked(cast)
    entries = Entry.objects.count()
    for person in (cast.alice, cast.bob, cast.olga, cast.vera):
        client = client_of(person)
        for route in list_routes():
            if route.inside:
                answer = getattr(client, method)(route.url(cast.workspace.key, keys))
                assert answer.status_code in (403, 405), route
                if answer.status_code == 403:
                    assert "asks for a second factor" in text_of(answer), route
    assert Entry.objects.count() == entries


def test_carol_is_told_nothing_of_it(cast: Cast) -> None:
    asked(cast)
    answer = client_of(cast.carol).get(to(cast, "home"))
    assert answer.status_code == 404
    assert "second factor" not in text_of(answer)


def test_other_workspaces_stay_open(cast: Cast) -> None:
    add_member(workspace=cast.elsewhere, person=cast.bob, role="seller", by=cast.carol, at=NOW)
    asked(cast)
    client = client_of(cast.bob)
    assert client.get(reverse("home", kwargs={"w": cast.elsewhere.key})).status_code == 200
    assert client.get(reverse("workspaces")).status_code == 200
    assert not is_in(client, cast)


def test_who_sets_one_up_is_in_at_once(cast: Cast) -> None:
    asked(cast)
    client = logged_in()
    assert not is_in(client, cast)
    turn_on(client)
    assert is_in(client, cast)


def test_whoever_logs_in_with_it_is_in(cast: Cast) -> None:
    secret = turn_on(logged_in())
    asked(cast)
    client = logged_in()
    assert client.get(to(cast, "home")).status_code == 302, "the password alone"
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(client, cast)


def test_a_session_from_before_types_a_code_once(cast: Cast) -> None:
    old = logged_in()
    secret = turn_on(logged_in())
    asked(cast)
    page = old.get(to(cast, "home"))
    assert page.status_code == 403
    assert "Type a code" in text_of(page)
    old.post(reverse("mfa_reauthenticate"), {"code": code_of(secret)})
    assert is_in(old, cast)


def test_who_turns_it_off_is_out(cast: Cast) -> None:
    client = logged_in()
    turn_on(client)
    asked(cast)
    assert is_in(client, cast)
    Authenticator.objects.all().delete()
    assert not is_in(client, cast)


def test_recovery_codes_alone_are_no_second_factor(cast: Cast) -> None:
    client = logged_in()
    turn_on(client)
    asked(cast)
    Authenticator.objects.filter(type="totp").delete()
    assert not is_in(client, cast)


def test_the_company_s_own_login_counts_where_it_asked_for_one(cast: Cast) -> None:
    asked(cast)
    client = client_of(cast.bob)
    session = client.session
    session[BY_COMPANY] = True
    session.save()
    assert is_in(client, cast)


# --- before the day ---


def test_before_the_day_a_notice_tells_it_to_who_has_none(cast: Cast) -> None:
    asked(cast, NOW + timedelta(days=3))
    client = logged_in()
    page = client.get(to(cast, "members")).content.decode()
    assert "From <b>5 Mar 2026" in page
    turn_on(client)
    assert "From <b>5 Mar" not in client.get(to(cast, "members")).content.decode()


def test_without_a_day_nothing_is_said(cast: Cast) -> None:
    assert "you need a second factor" not in client_of(cast.bob).get(to(cast, "members")).content.decode()


# --- the setting ---


def test_a_leader_sets_the_day_and_takes_it_back(cast: Cast) -> None:
    client = logged_in("alice@example.com")
    turn_on(client)
    page = client.post(to(cast, "second_factor"), {"since": "2026-03-20"})
    assert page.status_code == 302
    held = Workspace.objects.get(pk=cast.workspace.pk)
    assert held.second_factor_from == datetime(2026, 3, 20, tzinfo=UTC)
    entry = Entry.objects.filter(workspace=cast.workspace).order_by("-number")[0]
    assert entry.verb == "ask for second factor"
    shown = client.get(page["Location"])
    assert "Everybody here needs a second factor from 20 March 2026." in shown.content.decode()
    undo(client, cast, shown)
    assert Workspace.objects.get(pk=cast.workspace.pk).second_factor_from is None


def test_the_day_begins_where_the_company_is(cast: Cast) -> None:
    Workspace.objects.filter(pk=cast.workspace.pk).update(zone="America/New_York")
    client = logged_in("alice@example.com")
    turn_on(client)
    client.post(to(cast, "second_factor"), {"since": "2026-03-20"})
    assert Workspace.objects.get(pk=cast.workspace.pk).second_factor_from == datetime(2026, 3, 20, 4, tzinfo=UTC)


def test_who_has_none_cannot_ask_others_for_one(cast: Cast) -> None:
    page = client_of(cast.alice).post(to(cast, "second_factor"), {"since": "2026-03-20"})
    assert page.status_code == 422
    assert "Set up your own second factor first" in text_of(page)
    assert Workspace.objects.get(pk=cast.workspace.pk).second_factor_from is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2026-03-01", "This day is over"), ("2036-01-01", "more than a year"), ("soon", "This is no day")],
)
def test_a_wrong_day_is_told_and_kept(cast: Cast, typed: str, sentence: str) -> None:
    client = logged_in("alice@example.com")
    turn_on(client)
    page = client.post(to(cast, "second_factor"), {"since": typed})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert typed in page.content.decode()


def test_nobody_is_asked_again(cast: Cast) -> None:
    client = logged_in("alice@example.com")
    turn_on(client)
    asked(cast, NOW + timedelta(days=3))
    assert client.post(to(cast, "second_factor"), {"since": ""}).status_code == 302
    assert Workspace.objects.get(pk=cast.workspace.pk).second_factor_from is None


def test_the_page_says_who_has_none_yet(cast: Cast) -> None:
    client = logged_in("alice@example.com")
    turn_on(client)
    said = text_of(client.get(to(cast, "second_factor")))
    assert "3 members have none yet" in said
    assert "Bob Adler" in said


@pytest.mark.parametrize("role", ["bob", "vera"])
def test_only_who_may_keep_people_in_order_sets_it(cast: Cast, role: str) -> None:
    client = client_of(getattr(cast, role))
    assert client.get(to(cast, "second_factor")).status_code == 403
    assert client.post(to(cast, "second_factor"), {"since": "2026-03-20"}).status_code == 403


# --- lost ---


def test_a_lost_one_is_lifted_and_the_audit_says_so(cast: Cast) -> None:
    turn_on(logged_in())
    assert lift_second_factor(person=cast.bob, at=NOW) == 1
    enter(ALL)
    assert not Authenticator.objects.filter(user=cast.bob).exists()
    entry = Entry.objects.filter(workspace=cast.workspace).order_by("-number")[0]
    assert (entry.verb, entry.by, entry.target) == ("lift second factor", None, f"person {cast.bob.key}")
    assert logged_in().get(to(cast, "home")).status_code == 200
    with pytest.raises(UserError, match="nothing to lift"):
        lift_second_factor(person=cast.bob, at=NOW)
