"""Header and cookie score on the Observatory's scale of 2024, of the application as it is shipped: at least 120."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from tests.web.observatory import Seen, score_of
from tests.web.test_headers import as_shipped

BAR = 120
ASK = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.conf import settings
from django.test import Client
from django.utils import timezone
from headway.store.actions.workspaces import make_person, make_workspace
now = timezone.now()
person = make_person(email="a@example.com", name="A", password="four odd words here", at=now)
workspace = make_workspace(name="Acme", by=person, at=now)
guest = Client(SERVER_NAME="localhost")
member = Client(SERVER_NAME="localhost")
member.post("/account/login/", {"login": "a@example.com", "password": "four odd words here"}, secure=True)
inside = f"/w/{workspace.key}/"
pages = ("", "deals/", "board/", "team/", "findings/", "people/", "data/", "deals/none/")
asked = [(guest, "/account/login/"), (guest, "/paste/"), (guest, "/nowhere/"), (guest, "/people/join/"),
         (guest, "/healthy"), (guest, settings.STATIC_URL + "headway/css/ground.css"), (guest, "/calendars/none.ics"),
         *((member, inside + page) for page in pages)]
found = {}
for client, address in asked:
    answer = client.get(address, secure=True)
    plain = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    found[address.replace(workspace.key, "KEY")] = {
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "cookies": [name + ";" + c.output(header="").split(";", 1)[1] for name, c in client.cookies.items() if c.value],
        "plain": [plain.status_code, plain.headers.get("Location", "")],
        "body": body.decode(errors="replace"),
    }
print("FOUND" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    done = as_shipped(tmp_path_factory.mktemp("observatory"), sys.executable, "-c", ASK)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.rpartition("FOUND")[2])
    return {
        address: Seen(told["headers"], told["cookies"], tuple(told["plain"]), told["body"])
        for address, told in found.items()
    }


def test_every_answer_scores_at_least_120(answers: dict[str, Seen]) -> None:
    assert len(answers) >= 15
    pages = {address: seen for address, seen in answers.items() if not address.startswith(("/static/", "/healthy"))}
    low = {address: score_of(seen).points for address, seen in pages.items() if score_of(seen).total < BAR}
    assert not low


def test_files_and_the_watchman_score_too(answers: dict[str, Seen]) -> None:
    """`/healthy` answers over http to whoever watches on this machine: it sets nothing and shows nothing."""
    for address, seen in answers.items():
        if address.startswith("/static/"):
            assert score_of(seen).total >= 100, (address, score_of(seen).points)
        elif address == "/healthy":
            assert seen.body == "ok"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-security-policy", ""),
        ("content-security-policy", "default-src 'self' 'unsafe-inline'"),
        ("content-security-policy", "default-src 'none'; script-src *"),
        ("strict-transport-security", "max-age=60"),
        ("x-content-type-options", ""),
        ("referrer-policy", "unsafe-url"),
        ("access-control-allow-origin", "*"),
    ],
)
def test_a_weaker_header_costs_the_bar(answers: dict[str, Seen], name: str, value: str) -> None:
    """Else the score could not fail."""
    seen = answers["/account/login/"]
    worse = replace(seen, headers={**seen.headers, name: value})
    assert score_of(worse).total < score_of(seen).total
    assert score_of(replace(seen, cookies=[" Path=/"])).total < BAR
    assert score_of(replace(seen, plain=(200, ""))).total < BAR
