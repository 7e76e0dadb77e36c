"""Guessing a way in: ten tries in a quarter of an hour, over all processes, and nothing told by text."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from headway.store import notice_links
from headway.store.actions.calendar_links import make_calendar_link
from headway.store.actions.invitations import invite
from headway.web.attempts import Attempts
from headway.web.letterbox import Letter, Letterbox, letterbox
from tests.cast import NOW, PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("headway.web.middleware.timezone.now", lambda: NOW)
    cache.clear()
    yield
    cache.clear()


def log_in(email: str, password: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.post(reverse("account_login"), {"login": email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each password hash computed."""
    computed: list[str] = []
    honest = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str, *rest: object) -> str:
        computed.append(password)
        return honest(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return computed


def test_after_ten_wrong_tries_of_one_account_none_is_evaluated(cast: Cast, hashes: list[str]) -> None:
    for number in range(40):
        log_in("bob@example.com", f"guess {number}", f"192.0.2.{number}")
    assert len(hashes) == 10
    assert not is_in(log_in("bob@example.com", PASSWORD, "198.51.100.1"))
    assert is_in(log_in("alice@example.com", PASSWORD, "198.51.100.1")), "nobody else is kept out"


def test_after_ten_wrong_tries_from_one_address_none_is_evaluated(cast: Cast, hashes: list[str]) -> None:
    for number in range(40):
        log_in(f"person{number}@example.com", "spray of one password", "192.0.2.1")
    assert len(hashes) == 10
    assert not is_in(log_in("bob@example.com", PASSWORD, "192.0.2.1"))
    assert is_in(log_in("bob@example.com", PASSWORD, "192.0.2.2"))


def test_right_ones_in_between_give_no_new_tries(cast: Cast, hashes: list[str]) -> None:
    for number in range(30):
        log_in("bob@example.com", f"guess {number}", "192.0.2.1")
        log_in("carol@example.com", PASSWORD, "192.0.2.1")
    assert sum("guess" in one for one in hashes) == 10


def test_a_quarter_of_an_hour_later_one_may_try_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        log_in("bob@example.com", f"guess {number}", "192.0.2.1")
    later = time.time() + 901
    monkeypatch.setattr(time, "time", lambda: later)
    assert is_in(log_in("bob@example.com", PASSWORD, "192.0.2.1"))


@dataclass(frozen=True)
class Link:
    """A kind of link: how one is tried, the secret of a right one, and what a right and a wrong one are answered."""

    kind: str
    attempt: Callable[[Client, str], HttpResponse]
    right: str
    answers: tuple[int, int]


def links(cast: Cast) -> list[Link]:
    """Every kind of link that opens something by a secret."""
    _, token = invite(workspace=cast.workspace, email="nora@example.com", role="seller", by=cast.alice, at=NOW)
    reply = notice_links.reply_value(cast.workspace, cast.bob, "self_review 2026-03-06")
    stop = notice_links.stop_address(cast.bob).split("/")[-2]
    return [
        Link("invitation", lambda client, token: client.post(reverse("join"), {"token": token}), token, (302, 422)),
        Link("calendar", lambda client, token: client.get(f"/calendars/{token}.ics"),
             make_calendar_link(workspace=cast.workspace, person=cast.bob, at=NOW), (200, 404)),
        Link("stop", lambda client, token: client.get(f"/notices/off/{token}/"), stop, (200, 404)),
        Link("stop by press", lambda client, token: client.post(f"/notices/off/{token}/"), stop, (200, 404)),
        Link("reply", lambda client, token: client.get(f"/notices/reply/{token}/snooze/"), reply, (200, 410)),
        Link("code", type_code, "the code of the mail", (302, 200)),
    ]  # fmt: skip


def type_code(client: Client, code: str) -> HttpResponse:
    """A code to reset a password, in a session of its own: each of these ends after five wrong ones."""
    client.cookies.clear()
    client.post(reverse("account_reset_password"), {"email": "bob@example.com"})
    known = client.session["account_password_reset_verification"]["code"]
    return client.post(reverse("account_confirm_password_reset_code"), {"code": known if " " in code else code})


def test_of_every_kind_of_link_ten_wrong_ones_are_looked_at_and_no_more(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reset_password": ""}  # it has one of its own
    for link in links(cast):
        cache.clear()
        right, wrong = link.answers
        here, elsewhere = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
        office = [link.attempt(here, link.right).status_code for _ in range(11)]
        assert office == [right] * 11, link.kind
        told = [link.attempt(here, f"guess{number}").status_code for number in range(12)]
        assert told == [wrong] * 10 + [429] * 2, link.kind
        late = link.attempt(here, link.right)
        assert (late.status_code, late["Retry-After"]) == (429, "900"), f"{link.kind}: the right one, come too late"
        assert "Too many links were tried from here" in html.unescape(late.content.decode())
        assert link.attempt(elsewhere, link.right).status_code == right, f"{link.kind}: nobody else is kept out"


def test_wrong_links_of_different_kinds_count_together_and_one_that_comes_again_once(cast: Cast) -> None:
    here, found = Client(REMOTE_ADDR="192.0.2.1"), {link.kind: link for link in links(cast)}
    stale = [found["calendar"].attempt(here, "revoked").status_code for _ in range(30)]
    assert stale == [404] * 30, "a calendar that goes on asking is no guess"
    for number in range(9):
        link = found[("invitation", "stop", "reply")[number % 3]]
        assert link.attempt(here, f"guess{number}").status_code == link.answers[1]
    assert {link.attempt(here, "one more").status_code for link in found.values() if link.kind != "code"} == {429}


def test_known_and_unknown_take_the_same_answer_and_the_same_work(cast: Cast, hashes: list[str]) -> None:
    told = []
    for email in ("bob@example.com", "nobody@example.com"):
        del hashes[:]
        page = Client(REMOTE_ADDR="192.0.2.1").post(reverse("account_login"), {"login": email, "password": "wrong"})
        text = re.sub(r"[\w-]{64}|[\w.+-]+@example.com", "", page.content.decode())
        told.append((page.status_code, text, len(hashes)))
    assert told[0] == told[1]
    assert told[0][2] == 1


class Carried(EmailBackend):
    """A mail server that notes which thread handed a mail over."""

    threads: ClassVar[list[str]] = []

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        self.threads.append(threading.current_thread().name)
        return super().send_messages(messages)


def test_a_reset_is_the_same_answer_and_the_same_work_and_no_request_sends_a_mail(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_WORKS, settings.EMAIL_BACKEND = True, f"{__name__}.Carried"
    monkeypatch.setattr(Carried, "threads", [])
    made, work = [], {"known": 0, "unknown": 0}
    told = []
    for kind, email in (("known", "bob@example.com"), ("unknown", "nobody@example.com")):
        mail.outbox.clear()
        client = Client(REMOTE_ADDR="192.0.2.1")
        shown = []
        with CaptureQueriesContext(connection) as queries:
            shown.append(client.post(reverse("account_reset_password"), {"email": email}))
            shown.append(client.get(reverse("account_confirm_password_reset_code")))
            shown.append(client.post(reverse("account_confirm_password_reset_code"), {"code": "WRONG1"}))
        letterbox().wait()
        made.append([str(one.to) for one in mail.outbox])
        work[kind] = len(queries)
        texts = [re.sub(r"[\w-]{64}|[\w.+-]+@example.com", "", one.content.decode()) for one in shown]
        told.append([(one.status_code, one.get("Location"), text) for one, text in zip(shown, texts, strict=True)])
    assert told[0] == told[1]
    assert [status for status, _, _ in told[0]] == [302, 200, 200]
    assert made == [["['bob@example.com']"], []]
    assert work["known"] == work["unknown"]
    assert Carried.threads == ["letterbox"]


def test_a_mail_server_that_refuses_stops_no_later_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    sent, box = [], Letterbox()

    class Stuck(EmailMessage):
        def send(self, fail_silently: bool = False) -> int:
            raise OSError("planted words of a mail server")

    class Good(EmailMessage):
        def send(self, fail_silently: bool = False) -> int:
            sent.append(threading.current_thread().name)
            return 1

    for mail_ in (Stuck(), Good()):
        box.put(Letter(mail_, 0.0, leaves=True))
    box.put(Letter(Good(), 0.0, leaves=False))
    box.wait()
    assert sent == ["letterbox"]


# --- over processes ---


GUESS = """
import sys
sys.path.insert(0, {root!r})
from django.conf import settings
settings.configure(SECRET_KEY="k" * 50)
from headway.web.attempts import Attempts
kept = Attempts({path!r}, {{}})
print(sum(kept.add(f"try {{number}}", 1, 60) for number in range(200)))
"""


def test_of_four_processes_that_add_the_same_key_one_wins(tmp_path: Path) -> None:
    told = GUESS.format(root=str(Path(__file__).parents[2]), path=str(tmp_path / "attempts.sqlite3"))
    started = [subprocess.Popen([sys.executable, "-c", told], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    won = [int(one.communicate()[0]) for one in started]
    assert sum(won) == 200


def test_what_is_kept_holds_no_address_in_the_clear_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Attempts(str(tmp_path / "attempts.sqlite3"), {})
    kept.set("ip 192.0.2.7", [1.5], 60)
    assert kept.get("ip 192.0.2.7") == [1.5]
    assert all(b"192.0.2.7" not in file.read_bytes() for file in tmp_path.iterdir())
    assert not kept.add("ip 192.0.2.7", [2.5], 60)
    assert kept.touch("ip 192.0.2.7", 120)
    later = time.time() + 121
    monkeypatch.setattr(time, "time", lambda: later)
    assert kept.get("ip 192.0.2.7", "over") == "over"
    assert kept.add("ip 192.0.2.7", [3.5], 60)
    assert kept.delete("ip 192.0.2.7")
    assert not kept.delete("ip 192.0.2.7")
