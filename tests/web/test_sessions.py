"""Sessions: of use to who holds the cookie, and to nobody who reads the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from headway.web.sessions import SessionStore, stored
from tests.cast import PASSWORD, Cast, client_of, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_the_row_of_a_session_lets_nobody_in(cast: Cast) -> None:
    client = client_of(cast.alice)
    key = client.session.session_key
    row = Session.objects.get()
    assert key
    assert key not in (row.session_key, row.session_data)
    assert client.get("/", follow=True).status_code == 200
    thief = Client()
    thief.cookies["headway-session"] = row.session_key
    assert thief.get("/").headers["Location"].startswith("/account/login/")


def test_what_a_session_holds_cannot_be_read_or_changed(cast: Cast) -> None:
    session = SessionStore()
    session["code"] = "the code to reset a password"
    session.save()
    row = Session.objects.get()
    assert "code" not in row.session_data
    assert SessionStore(session.session_key)["code"] == "the code to reset a password"
    Session.objects.update(session_data=row.session_data[:-4] + "AAAA")
    assert dict(SessionStore(session.session_key).items()) == {}


def test_who_logs_out_or_whose_time_is_over_is_out(cast: Cast) -> None:
    first, second = client_of(cast.bob), client_of(cast.bob)
    first.post("/account/logout/")
    assert first.get("/").headers["Location"].startswith("/account/login/")
    assert second.get("/").headers["Location"].startswith("/w/")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert second.get("/").headers["Location"].startswith("/account/login/")


def test_a_login_begins_a_new_session_and_the_old_key_is_gone(cast: Cast) -> None:
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["before"] = True
    session.save()
    before = str(session.session_key)
    client.cookies["headway-session"] = before
    client.post("/account/login/", {"login": cast.bob.email, "password": PASSWORD})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=stored(before)).exists()
    assert SessionStore().exists(str(client.session.session_key))
