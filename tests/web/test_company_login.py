"""Logging in with a company's OpenID provider, a real one in a process of its own: who gets in, and what is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from headway import settings as shipped
from headway.store.actions.invitations import invite
from headway.store.actions.second_factor import ask_for_second_factor
from headway.store.guards import ALL, enter
from headway.store.models import Membership, Person
from headway.web.second_factor import BY_COMPANY
from tests.cast import NOW, PASSWORD, Cast
from tests.provider import CLIENT, SECRET, Running
from tests.web import company_urls  # read before any test configures a login: its base has none
from tests.web.pages import text_of, to
from tests.web.test_second_factor import code_of

pytestmark = pytest.mark.django_db
BACK = "http://localhost/account/company/back/"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    provider = Running(BACK, dict(os.environ), tmp_path_factory.mktemp("provider") / "log")
    yield provider
    provider.end()


@pytest.fixture
def provider(running: Running, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The provider, and an installation that uses it."""
    for name, value in running.environment().items():
        monkeypatch.setenv(name, value)
    settings.COMPANY_LOGIN = shipped.company_login()
    settings.ROOT_URLCONF = company_urls.__name__
    monkeypatch.setattr("headway.web.middleware.timezone.now", lambda: NOW)
    caches["process"].clear()
    running.plan()
    return running


def go(provider: Running, client: Client, **given: str) -> HttpResponse:
    """Press the button, agree at the provider, come back."""
    away = client.post(reverse("company_login"), given)
    assert away.status_code == 302, text_of(away)
    back = provider.agree(away["Location"])
    assert back.startswith(BACK)
    return client.get(back.removeprefix("http://localhost"))  # type: ignore[return-value]


def is_in(client: Client) -> str:
    """The address of who is logged in."""
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key).email if key else ""


# --- who gets in ---


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_somebody_with_an_account_gets_in_and_nothing_is_kept(cast: Cast, provider: Running, method: str) -> None:
    provider.plan(method=method, claims={"email": "BOB@Example.com"})
    client = Client()
    assert "Log in with Acme ID" in client.get(reverse("account_login")).content.decode()
    answer = go(provider, client, next=reverse("person_settings"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("person_settings"))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert is_in(client) == "bob@example.com"
    assert not SocialAccount.objects.exists() and not SocialToken.objects.exists()
    cast.bob.refresh_from_db()
    assert cast.bob.check_password(PASSWORD), "the password stays"
    assert "planted-access-token" not in str(dict(client.session))


def test_the_request_carries_pkce_state_and_nonce_and_goes_nowhere_else(cast: Cast, provider: Running) -> None:
    client = Client()
    asked = parse_qs(
        urlsplit(client.post(reverse("company_login"), {"next": "https://evil.example/"})["Location"]).query
    )
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [BACK]
    assert len(asked["nonce"][0]) == 32
    other = parse_qs(urlsplit(Client().post(reverse("company_login"))["Location"]).query)
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))
    assert SECRET not in str(asked)
    assert go(provider, Client(), next="https://evil.example/")["Location"] == "/"
    assert Client().get(reverse("company_login")).status_code == 405, "no link of somebody else's begins it"


def test_who_was_invited_joins_without_a_password(cast: Cast, provider: Running) -> None:
    invite(workspace=cast.elsewhere, email="nora@example.com", role="viewer", by=cast.carol, at=NOW)
    _, token = invite(workspace=cast.workspace, email="nora@example.com", role="seller", by=cast.alice, at=NOW)
    invite(workspace=cast.elsewhere, email="nora@example.com", role="viewer", by=cast.carol, at=NOW)
    client = Client()
    client.post(reverse("join"), {"token": token})
    assert "Join with Acme ID" in client.get(reverse("join")).content.decode()
    provider.plan(claims={"email": "Nora@example.com", "name": "Nora Hale"})
    assert go(provider, client)["Location"] == reverse("start")
    enter(ALL)
    nora = Person.objects.get(email="nora@example.com")
    assert (nora.name, nora.has_usable_password(), is_in(client)) == ("Nora Hale", False, nora.email)
    joined = Membership.objects.get(person=nora)
    assert (joined.workspace_id, joined.role) == (cast.workspace.pk, "seller"), "the one whose link was opened"
    page = client.get(reverse("account_change_password"), follow=True)
    assert "no password here" in text_of(page)


# --- who does not ---


def test_an_unknown_address_gets_one_plain_page(cast: Cast, provider: Running) -> None:
    people = Person.objects.count()
    provider.plan(claims={"email": "stranger@example.com"})
    client = Client()
    page = go(provider, client)
    assert page.status_code == 403
    assert "Headway knows nobody under stranger@example.com. Ask somebody on your team to invite" in text_of(page)
    assert (is_in(client), Person.objects.count()) == ("", people)


@pytest.mark.parametrize(
    ("claims", "drop", "gets_in"),
    [
        ({"email_verified": False}, [], False),
        ({}, ["email_verified"], False),
        ({"email_verified": False, "xms_edov": True}, [], False),
        ({"email_verified": ["true"]}, [], False),
        ({"email": None}, [], False),
        ({"email_verified": "true"}, [], True),
        ({"xms_edov": True}, ["email_verified"], True),
        ({"xms_edov": "1"}, ["email_verified"], True),
        ({"xms_edov": False}, ["email_verified"], False),
    ],
)
def test_an_address_counts_only_where_the_provider_verified_it(
    cast: Cast, provider: Running, claims: dict[str, Any], drop: list[str], gets_in: bool
) -> None:
    provider.plan(claims=claims, drop=drop)
    client = Client()
    page = go(provider, client)
    assert bool(is_in(client)) == gets_in
    assert gets_in or "Acme ID does not say that your mail address is verified" in text_of(page)


def test_who_was_let_go_stays_out(cast: Cast, provider: Running) -> None:
    Person.objects.filter(pk=cast.bob.pk).update(is_active=False)
    client = Client()
    assert go(provider, client)["Location"] == reverse("account_inactive")
    assert not is_in(client)


# --- what is not believed ---


@pytest.mark.parametrize(
    "wrong",
    [
        {"claims": {"nonce": "of another login"}},
        {"drop": ["nonce"]},
        {"key": "other"},
        {"key": "other", "kid": "other"},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"claims": {"aud": "another-client"}},
        {"claims": {"aud": [CLIENT, "another-client"]}},
        {"claims": {"iss": "https://login.evil.example"}},
        {"claims": {"exp": 1_700_000_000}},
        {"drop": ["exp"]},
        {"drop": ["id_token"]},
        {"drop": ["email"], "userinfo": {"sub": "somebody else"}},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_lets_nobody_in(cast: Cast, provider: Running, wrong: dict[str, Any]) -> None:
    provider.plan(**wrong)
    client = Client()
    page = go(provider, client)
    assert (page.status_code, is_in(client)) == (403, "")
    assert "What Acme ID answered could not be verified" in text_of(page)


def test_where_the_token_leaves_the_address_out_the_page_of_the_person_has_it(cast: Cast, provider: Running) -> None:
    provider.plan(drop=["email", "email_verified"])
    client = Client()
    go(provider, client)
    assert is_in(client) == "bob@example.com"


def test_an_answer_of_another_browser_or_a_second_time_opens_nothing(cast: Cast, provider: Running) -> None:
    mine, theirs = Client(), Client()
    back = provider.agree(mine.post(reverse("company_login"))["Location"]).removeprefix("http://localhost")
    theirs.post(reverse("company_login"))
    page = theirs.get(back)
    assert (page.status_code, is_in(theirs)) == (403, "")
    assert "begun in another browser" in text_of(page)
    mine.get(back)
    assert is_in(mine) == "bob@example.com"
    again = Client()
    again.cookies = mine.cookies.copy()
    assert again.get(back).status_code == 403


def test_who_stops_at_the_provider_or_finds_it_out_of_order_is_told_so(
    cast: Cast, provider: Running, caplog: pytest.LogCaptureFixture
) -> None:
    provider.plan(error="access_denied")
    assert "You were not logged in at Acme ID" in text_of(go(provider, Client()))
    provider.plan(silent=True)
    assert go(provider, Client()).status_code == 403
    for wrong in ({"issuer": "http://127.0.0.1:1"}, {"token_endpoint": "http://login.example.com/token"}):
        caches["process"].clear()
        provider.plan(configuration=wrong)
        page = Client().post(reverse("company_login"))
        assert (page.status_code, "does not answer as it should" in text_of(page)) == (502, True)
    assert "the provider calls itself otherwise than HEADWAY_OIDC_ISSUER does" in caplog.text
    assert SECRET not in caplog.text and "planted" not in caplog.text and "bob@" not in caplog.text


def test_logins_with_the_company_are_counted_too(cast: Cast, provider: Running) -> None:
    told = [Client().post(reverse("company_login")).status_code for _ in range(31)]
    assert told == [302] * 30 + [429]


# --- the second factor ---


def test_a_workspace_that_asks_for_a_second_factor_believes_the_company(cast: Cast, provider: Running) -> None:
    ask_for_second_factor(workspace=cast.workspace, since=NOW, by=cast.alice, at=NOW)
    enter(ALL)
    told = []
    for claims in ({}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "urn:gold"}, {"amr": ["pwd", "mfa"]}):
        provider.plan(claims=claims)
        client = Client()
        go(provider, client)
        told.append(client.get(to(cast, "home")).status_code)
    assert told == [403, 403, 403, 403, 200]
    provider.plan()  # the same browser, logged in anew without: what was said before counts no more
    go(provider, client)
    assert client.get(to(cast, "home")).status_code == 403


def test_an_acr_set_by_the_operator_is_asked_for_and_believed(
    cast: Cast, provider: Running, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADWAY_OIDC_ACR", "urn:gold urn:platinum")
    settings.COMPANY_LOGIN = shipped.company_login()
    ask_for_second_factor(workspace=cast.workspace, since=NOW, by=cast.alice, at=NOW)
    provider.plan(claims={"acr": "urn:platinum"})
    client = Client()
    assert "acr_values=urn%3Agold+urn%3Aplatinum" in client.post(reverse("company_login"))["Location"]
    go(provider, client)
    assert client.get(to(cast, "home")).status_code == 200


def test_who_has_a_factor_of_ours_types_its_code_and_only_then_counts(cast: Cast, provider: Running) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.bob, secret)
    ask_for_second_factor(workspace=cast.workspace, since=NOW, by=cast.alice, at=NOW)
    provider.plan(claims={"amr": ["mfa"]})
    client = Client()
    assert go(provider, client)["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert BY_COMPANY not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(client) == "bob@example.com"
    assert client.get(to(cast, "home")).status_code == 200


# --- the configuration ---


def test_where_none_is_configured_nothing_of_it_is_there() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("company_login")
    for address in ("/account/company/", "/account/company/back/"):
        assert Client().post(address).status_code == 404
    page = Client().get(reverse("account_login"))
    assert "Log in with" not in page.content.decode()
    assert re.search(r"form-action 'self'(;|$)", page["Content-Security-Policy"])
    assert shipped.company_login() is None


RIGHT = {"ISSUER": "https://login.example.com/acme", "CLIENT_ID": "c", "CLIENT_SECRET": "canary"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"CLIENT_SECRET": ""}, "HEADWAY_OIDC_CLIENT_SECRET must be set too"),
        ({"ISSUER": "http://login.example.com"}, "is no issuer"),
        ({"ISSUER": "https://login.example.com/.well-known/openid-configuration"}, "without /.well-known/"),
        ({"ISSUER": "login.example.com"}, "is no issuer"),
        ({"ORIGINS": "adfs.example.com"}, "write https://login.example.com"),
        ({"LABEL": "x" * 41}, "longer than 40 characters"),
    ],
)
def test_a_wrong_configuration_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], sentence: str
) -> None:
    for name, value in (RIGHT | given).items():
        monkeypatch.setenv(f"HEADWAY_OIDC_{name}", value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)) as told:
        shipped.company_login()
    assert "canary" not in str(told.value)


def test_forms_may_lead_to_the_provider_and_where_it_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (RIGHT | {"ORIGINS": "https://adfs.example.com/x https://login.example.com"}).items():
        monkeypatch.setenv(f"HEADWAY_OIDC_{name}", value)
    made = shipped.company_login()
    assert made is not None
    assert made.origins == ("https://login.example.com", "https://adfs.example.com")
    assert made.label == "your company"
    assert "canary" not in repr(made)
