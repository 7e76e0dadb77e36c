"""Guessing a way in: ten tries in a quarter of an hour, over all processes, and nothing told by text."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from headway.store.actions.invitations import invite
from headway.web.attempts import Attempts
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


def test_wrong_links_are_counted_and_right_ones_are_not(cast: Cast) -> None:
    name = "join"
    client = Client(REMOTE_ADDR="192.0.2.1")
    _, token = invite(workspace=cast.workspace, email="nora@example.com", role="seller", by=cast.alice, at=NOW)
    for _ in range(15):
        assert client.post(reverse(name), {"token": token}).status_code == 302
    pages = [client.post(reverse(name), {"token": f"guess {number}"}).content.decode() for number in range(12)]
    assert "Too many attempts" not in pages[9]
    assert "Too many attempts" in pages[10]
    assert client.post(reverse(name), {"token": token}).status_code == 429, "the right one, come too late"


def test_known_and_unknown_take_the_same_answer_and_the_same_work(cast: Cast, hashes: list[str]) -> None:
    told = []
    for email in ("bob@example.com", "nobody@example.com"):
        del hashes[:]
        page = Client(REMOTE_ADDR="192.0.2.1").post(reverse("account_login"), {"login": email, "password": "wrong"})
        text = re.sub(r"[\w-]{64}|[\w.+-]+@example.com", "", page.content.decode())
        told.append((page.status_code, text, len(hashes)))
    assert told[0] == told[1]
    assert told[0][2] == 1


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
