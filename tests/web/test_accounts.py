"""The way in: set-up link, log in, passwords, second factor, limits. No secret stands in a URL or in a log."""

from __future__ import annotations

import logging
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from headway.store.actions.workspaces import make_setup_link
from headway.store.models import Person
from headway.store.queries.access import list_memberships
from headway.web.accounts import SealedSecrets
from headway.web.letterbox import letterbox
from tests.cast import NOW, PASSWORD, Cast

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Ann First", "email": "Ann@Example.com", "password": "four odd words here", "workspace": "Acme"}


@pytest.fixture(autouse=True)
def _calm() -> None:
    cache.clear()


def log_in(client: Client, email: str = "bob@example.com", password: str = PASSWORD) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": password}).status_code


def is_in(client: Client) -> bool:
    return client.get(reverse("person_settings")).status_code == 200


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


# --- the first account ---


def test_the_setup_link_makes_the_first_account_and_logs_it_in() -> None:
    client, token = Client(), make_setup_link(at=NOW)
    assert "Code of the link" in client.get(reverse("set_up")).content.decode()
    answer = client.post(reverse("set_up"), {"token": token, **GIVEN})
    person = Person.objects.get()
    (membership,) = list_memberships(person)
    assert answer["Location"] == reverse("home", kwargs={"w": membership.workspace.key})
    assert (person.email, person.operator, membership.role) == ("ann@example.com", True, "leader")
    assert is_in(client)
    assert "set up already" in Client().get(reverse("set_up")).content.decode()
    assert Client().post(reverse("set_up"), {"token": token, **GIVEN}).status_code == 409
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"token": "guess"}, "take the newest one"),
        ({"token": ""}, "Paste the part of the link after #."),
        ({"name": " "}, "Write your name."),
        ({"email": "ann"}, "This is no mail address"),
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "ann@example.com"}, "too similar"),
        ({"workspace": ""}, "Write the name of your company or team."),
    ],
)
def test_a_wrong_setup_keeps_what_was_typed(wrong: dict[str, str], sentence: str) -> None:
    given = {"token": make_setup_link(at=NOW), **GIVEN, **wrong}
    page = Client().post(reverse("set_up"), given)
    assert page.status_code == 422
    text = page.content.decode()
    assert sentence in text
    for name in ("name", "email", "workspace"):
        assert f'value="{given[name]}"' in text or not given[name].strip()
    assert not Person.objects.exists()


def test_nobody_signs_up_by_themselves() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert Client().get("/account/signup/").status_code == 404


SECRETS = {"token", "code", "secret", "uidb36", "uidb64", "password"}
# What programs open by themselves, which know no login: docs/decisions/0006-calendar-address.md says what each opens.
KNOWN = {"calendars/<str:token>.ics", "notices/off/<str:token>/", "notices/reply/<str:token>/<str:reply>/"}


def test_no_address_takes_a_secret_but_those_decided() -> None:
    assert {route for route, found in walk(get_resolver().url_patterns, "") if SECRETS & {*found}} == KNOWN


def walk(patterns: list, route: str) -> list[tuple[str, list[str]]]:  # type: ignore[type-arg]
    found = []
    for pattern in patterns:
        here = route + str(pattern.pattern)
        inner = getattr(pattern, "url_patterns", None)
        found += walk(inner, here) if inner is not None else [(here, re.findall(r"<(?:\w+:)?(\w+)>", here))]
    return found


# --- logging in and out ---


def test_log_in_takes_any_case_and_gives_a_new_session(cast: Cast) -> None:
    client = Client()
    client.post(reverse("join"), {"token": "x"})
    client.get(reverse("account_login"))
    before = client.session.session_key
    assert log_in(client, "BOB@Example.COM") == 302
    assert client.session.session_key not in (None, before)
    assert is_in(client)


def test_logging_out_ends_the_session_for_whoever_kept_its_cookie(cast: Cast) -> None:
    client, thief = Client(), Client()
    log_in(client)
    thief.cookies = client.cookies.copy()
    assert is_in(thief)
    assert client.get(reverse("account_logout")).status_code == 200, "a GET only asks"
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(thief)


def test_a_wrong_password_and_an_unknown_address_look_alike(cast: Cast) -> None:
    pages = []
    for email in ("bob@example.com", "nobody@example.com"):
        page = Client().post(reverse("account_login"), {"login": email, "password": "wrong wrong wrong"})
        text = page.content.decode()
        assert f'value="{email}"' in text
        assert "do not belong together" in text
        pages.append(re.sub(r"[\w-]{64}|[\w.+-]+@example.com", "", text))
    assert pages[0] == pages[1]


def test_somebody_whose_account_was_ended_is_out_at_once(cast: Cast) -> None:
    client = Client()
    log_in(client)
    Person.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert not is_in(client)
    log_in(client)
    assert not is_in(client)


def test_guessing_passwords_is_stopped_though_the_right_one_comes_at_last(cast: Cast) -> None:
    for number in range(12):
        log_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), password=f"guess number {number}")
    client = Client(REMOTE_ADDR="192.0.2.99")
    log_in(client)
    assert not is_in(client), "five failures for one account, from wherever, close it for five minutes"
    other = Client(REMOTE_ADDR="192.0.2.99")
    log_in(other, "alice@example.com")
    assert is_in(other), "nobody else is kept out"


def test_after_logging_in_one_is_sent_nowhere_else(cast: Cast) -> None:
    url = reverse("account_login") + "?next=https://evil.example/"
    answer = Client().post(url, {"login": "bob@example.com", "password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


# --- passwords ---


def test_a_new_password_ends_every_other_session(cast: Cast) -> None:
    here, there = Client(), Client()
    log_in(here)
    log_in(there)
    page = here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another four odd words", "password2": "another four odd words"},
    )
    assert page.status_code == 302
    assert is_in(here)
    assert not is_in(there)


def test_a_wrong_present_password_changes_nothing(cast: Cast) -> None:
    client = Client()
    log_in(client)
    page = client.post(reverse("account_change_password"), {"oldpassword": "wrong", "password1": "another four odd"})
    assert "That is not your present password" in page.content.decode()
    assert log_in(Client()) == 302


def test_a_lost_password_is_set_anew_by_a_mailed_code(cast: Cast, settings: object) -> None:
    settings.MAIL_WORKS = True  # type: ignore[attr-defined]
    elsewhere, client = Client(), Client()
    log_in(elsewhere)
    page = client.post(reverse("account_reset_password"), {"email": "bob@example.com"}, follow=True)
    assert "Type the code" in page.content.decode()
    letterbox().wait()
    (sent,) = mail.outbox
    code = str(sent.body).split("\n\n")[1].strip()
    assert "http" not in str(sent.body)
    page = client.post(reverse("account_confirm_password_reset_code"), {"code": "WRONG1"})
    assert "error" in page.content.decode()
    page = client.post(reverse("account_confirm_password_reset_code"), {"code": code}, follow=True)
    assert "Choose a new password" in page.content.decode()
    new = {"password1": "another four odd words", "password2": "another four odd words"}
    page = client.post(reverse("account_complete_password_reset"), new, follow=True)
    assert "Your password is set" in page.content.decode()
    assert not is_in(elsewhere)
    assert log_in(Client(), password="another four odd words") == 302


def test_an_unknown_address_gets_the_same_page_and_no_mail(cast: Cast, settings: object) -> None:
    settings.MAIL_WORKS = True  # type: ignore[attr-defined]
    page = Client().post(reverse("account_reset_password"), {"email": "nobody@example.com"}, follow=True)
    assert "Type the code" in page.content.decode()
    letterbox().wait()
    assert not mail.outbox


def test_without_mail_the_page_says_who_can_help() -> None:
    assert "headway password" in Client().get(reverse("account_reset_password")).content.decode()


# --- second factor ---


def turn_on(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:
        client.post(page["Location"], {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
    text = page.content.decode()
    assert 'src="data:image/svg+xml' in text
    secret = re.search(r'id="secret">([A-Z2-7]+)<', text)
    assert secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret.group(1))})
    assert answer.status_code == 302, answer.content.decode()
    return secret.group(1)


def test_with_a_second_factor_the_password_alone_opens_nothing(cast: Cast) -> None:
    owner = Client()
    log_in(owner)
    secret = turn_on(owner)
    client = Client()
    page = client.post(reverse("account_login"), {"login": "bob@example.com", "password": PASSWORD}, follow=True)
    assert "Type your code" in page.content.decode()
    assert not is_in(client)
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "That is not the code" in page.content.decode()
    assert not is_in(client)
    cache.clear()  # the app's code was used once already, seconds ago
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(client)


def test_recovery_codes_open_once_each(cast: Cast) -> None:
    owner = Client()
    log_in(owner)
    turn_on(owner)
    owner.post(reverse("mfa_generate_recovery_codes"))
    page = owner.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"^\d{8}$", re.sub(r"<[^>]+>", "", page), re.MULTILINE)
    assert len(codes) == 10
    opened = []
    for _ in range(2):
        client = Client()
        log_in(client)
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        opened.append(is_in(client))
    assert opened == [True, False]


def test_the_secret_of_an_app_is_not_readable_in_the_database(cast: Cast) -> None:
    owner = Client()
    log_in(owner)
    secret = turn_on(owner)
    stored = Authenticator.objects.get(type="totp")
    assert secret not in str(stored.data)
    assert SealedSecrets().decrypt(stored.data["secret"]) == secret


def test_before_a_second_factor_is_set_the_password_is_asked_for_again(cast: Cast) -> None:
    client = Client()
    log_in(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


# --- what must not be said ---


def test_an_expired_form_says_what_to_do(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(reverse("account_login"), {"login": "bob@example.com", "password": PASSWORD})
    assert page.status_code == 403
    assert "reload the page" in page.content.decode()


def test_secrets_stay_out_of_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client = Client(enforce_csrf_checks=False)
        client.post(reverse("join"), {"token": "canary-token"})
        log_in(client, password="canary-password")
        Client(enforce_csrf_checks=True).post(reverse("account_login") + "?next=canary-query", {"password": "canary"})
        client.get("/nowhere/?token=canary-query")
        client.post(reverse("account_reset_password"), {"email": "bob@example.com"})
    said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert said, "something was logged"
    assert "canary" not in said
