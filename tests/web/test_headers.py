"""What holds for every address: headers, no write by a GET, and nothing of another workspace for Carol."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import Client

from headway.store.models import Process, ProcessVersion
from headway.web.mine.since import KEPT as LOOKED_SINCE
from headway.web.sessions import SessionStore
from tests.cast import NOW, Cast, client_of, make_cast
from tests.web.routes import Route, furnish, list_routes, missing, unknown_kinds

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    "object-src 'none'",
}  # fmt: skip
OF_FILES = {"default-src 'none'", "sandbox"}  # what people handed in: shown by itself, it may do nothing at all
MASKED = re.compile(r"\b[A-Za-z0-9]{64}\b")  # Django masks the token of a form anew on every page
TOLD_BY_READING = {"store_entry", "store_head"}  # who saw what
KEPT_OF_VISITS = {"store_membership": ["last_visit_at"], "django_session": ["session_data", "expire_date"]}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def keys(cast: Cast) -> dict[str, str]:
    return furnish(cast.workspace, cast.alice, cast.version, cast.bob)


def routes_inside() -> list[Route]:
    return [route for route in list_routes() if route.inside]


def test_every_route_has_a_case(keys: dict[str, str]) -> None:
    assert list(unknown_kinds(list_routes(), keys)) == []


def test_every_answer_carries_the_headers(cast: Cast, keys: dict[str, str]) -> None:
    for client in (client_of(cast.alice), Client()):
        for route in list_routes():
            answer = client.get(route.url(cast.workspace.key, keys))
            policy = set(re.split(r"; ?", answer["Content-Security-Policy"].strip("; ")))
            assert policy in (POLICY, OF_FILES), route
            assert answer["X-Content-Type-Options"] == "nosniff", route
            assert answer["Referrer-Policy"] == "same-origin", route
            assert answer["Cross-Origin-Opener-Policy"] == "same-origin", route
            assert answer["Cross-Origin-Resource-Policy"] == "same-origin", route
            assert answer["X-Frame-Options"] == "DENY", route
            assert answer["X-Robots-Tag"] == "noindex", route
            assert "camera=()" in answer["Permissions-Policy"], route
            assert "no-store" in answer["Cache-Control"], route
            assert "Server" not in answer, route
            check_cookies(answer)


def check_cookies(answer: HttpResponse) -> None:
    for name, cookie in answer.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def test_a_page_that_is_not_there_carries_them_too(cast: Cast) -> None:
    answer = client_of(cast.alice).get("/nowhere/")
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert "Content-Security-Policy" in answer


def test_whoever_is_not_logged_in_is_sent_to_log_in(cast: Cast, keys: dict[str, str]) -> None:
    for route in routes_inside():
        for ask in (Client().get, Client().post):
            answer = ask(route.url(cast.workspace.key, keys))
            assert answer.status_code == 405 or answer.headers.get("Location", "").startswith("/account/login/"), route


def test_a_get_writes_nothing_but_who_saw_what(cast: Cast, keys: dict[str, str]) -> None:
    visitors = [client_of(person) for person in (cast.alice, cast.bob)] + [Client()]
    before, sessions = contents(but=KEPT_OF_VISITS), told_of_sessions()
    for visitor in visitors:
        for route in list_routes():
            visitor.get(route.url(cast.workspace.key, keys))
    after = contents(but=KEPT_OF_VISITS)
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= TOLD_BY_READING
    assert told_of_sessions() == sessions


def told_of_sessions() -> list[dict[str, object]]:
    """What each session holds, but for the beginning of this sitting: what is new on My deals is new since then."""
    told = [SessionStore().decode(session.session_data) for session in Session.objects.order_by("pk")]
    return [{name: value for name, value in one.items() if name != LOOKED_SINCE} for one in told]


def contents(but: dict[str, list[str]] | None = None) -> dict[str, str]:
    """A hash of the rows of every table, `but` for some columns of it."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            left = [n for n, column in enumerate(cursor.description) if column[0] not in (but or {}).get(table, ())]
            rows = [[row[number] for number in left] for row in cursor.fetchall()]
            found[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


# --- Carol ---


@pytest.mark.parametrize("method", ["get", "post"])
def test_carol_gets_404_on_every_route_of_the_other_workspace(cast: Cast, keys: dict[str, str], method: str) -> None:
    carol = client_of(cast.carol)
    before = contents()
    for route in routes_inside():
        theirs = told(carol, method, route.url(cast.workspace.key, keys))
        assert theirs[0] in (404, 405), route
        assert theirs == told(carol, method, route.url("z" * 12, keys)), route
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_carol_gets_nothing_by_their_keys_in_her_own_workspace(cast: Cast, keys: dict[str, str], method: str) -> None:
    carol, none = client_of(cast.carol), missing(keys)
    before = contents()
    for route in routes_inside():
        if not route.kinds:
            continue
        theirs = told(carol, method, route.url(cast.elsewhere.key, keys))
        assert theirs[0] in (404, 405), route
        assert theirs == told(carol, method, route.url(cast.elsewhere.key, none)), route
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_carol_gets_nothing_of_theirs_under_a_thing_of_her_own(cast: Cast, keys: dict[str, str], method: str) -> None:
    carol, hers = client_of(cast.carol), furnish(cast.elsewhere, cast.carol, her_process(cast), cast.carol)
    for route in routes_inside():
        # What is told apart within its deal only (a finding's mark) may be called alike in both.
        if any(keys[kind] != hers[kind] for kind in route.kinds[1:]):
            mixed = {**keys, route.kinds[0]: hers[route.kinds[0]]}
            none = {**missing(keys), route.kinds[0]: hers[route.kinds[0]]}
            theirs = told(carol, method, route.url(cast.elsewhere.key, mixed))
            assert theirs[0] in (404, 405), route
            assert theirs == told(carol, method, route.url(cast.elsewhere.key, none)), route


def her_process(cast: Cast) -> ProcessVersion:
    process = Process.objects.create(workspace=cast.elsewhere, name="Hers", created_at=NOW)
    return ProcessVersion.objects.create(
        workspace=cast.elsewhere, process=process, number=1, text=cast.version.text, changed_at=NOW, published_at=NOW
    )


def test_each_route_that_names_something_answers_404_to_one_method_at_least(cast: Cast, keys: dict[str, str]) -> None:
    carol = client_of(cast.carol)
    for route in routes_inside():
        url = route.url(cast.workspace.key, keys)
        assert 404 in (carol.get(url).status_code, carol.post(url).status_code), route


def told(client: Client, method: str, url: str) -> tuple[int, str]:
    """Status and body, without what must differ: the mask of the form's token, and the address that was asked for."""
    answer = getattr(client, method)(url)
    return answer.status_code, MASKED.sub("", answer.content.decode()).replace(url, "URL")


# --- files ---


@pytest.mark.parametrize("file", ["headway/css/ground.css", "headway/js/fragment.js", "headway/css/charts.css"])
def test_a_static_file_is_kept_for_ever_under_its_version(file: str) -> None:
    url = static(file)
    assert re.fullmatch(rf"/static/[0-9a-f]{{12}}/{re.escape(file)}", url)
    answer = Client().get(url)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].startswith(("text/css", "text/javascript"))
    assert "Access-Control-Allow-Origin" not in answer


def test_another_version_of_a_static_file_is_not_there(db: None) -> None:
    answer = Client().get(
        static("headway/css/ground.css").replace(settings.STATIC_URL.strip("/"), "static/0123456789ab")
    )
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]


# --- as shipped ---


def as_shipped(tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A process with nothing of Headway's or Django's set but its folder (the browser's tests set something)."""
    ours = ("HEADWAY_", "DATABASE_", "DJANGO_")
    told = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    told |= {"HEADWAY_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "headway.settings", **more}
    return subprocess.run(command, env=told, capture_output=True, text=True, check=False, cwd=tmp_path)


def test_the_deployment_check_is_clean_with_the_defaults_we_ship(tmp_path: Path) -> None:
    done = as_shipped(tmp_path, sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, "no issues (0 silenced)" in done.stdout) == (0, True), done.stderr


ASK = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from django.utils import timezone
from headway.store.actions.workspaces import make_person
make_person(email="a@example.com", name="A", password="four odd words here", at=timezone.now())
client = Client(SERVER_NAME="localhost")
plain = client.get("/account/login/")
page = client.get("/account/login/", secure=True)
entered = client.post("/account/login/", {"login": "a@example.com", "password": "four odd words here"}, secure=True)
cookies = {**page.cookies, **entered.cookies}
print(json.dumps({
    "plain": [plain.status_code, plain.headers.get("Location")],
    "hsts": page.headers["Strict-Transport-Security"],
    "entered": entered.status_code,
    "cookies": {n: [bool(c["secure"]), bool(c["httponly"]), c["path"], c["domain"]] for n, c in cookies.items()},
}))
"""


def test_as_shipped_everything_is_encrypted_and_cookies_stay_with_the_host(tmp_path: Path) -> None:
    done = as_shipped(tmp_path, sys.executable, "-c", ASK)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["plain"] == [301, "https://localhost/account/login/"]
    assert said["hsts"] == "max-age=63072000; includeSubDomains; preload"
    assert said["entered"] == 302
    assert set(said["cookies"]) >= {"__Host-session", "__Host-csrf"}
    assert all(flags == [True, True, "/", ""] for flags in said["cookies"].values()), said["cookies"]


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("HEADWAY_ADDRESS", "http://headway.example.com", "use https beyond this machine"),
        ("HEADWAY_ADDRESS", "headway.example.com", "is no web address"),
        ("HEADWAY_SECRET_KEY", "short", "at least 50 random characters"),
        ("DATABASE_URL", "mysql://a:b@c/d", "must begin with postgres://"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(tmp_path: Path, setting: str, value: str, sentence: str) -> None:
    done = as_shipped(tmp_path, sys.executable, "-m", "django", "check", **{setting: value})
    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    ask = "from django.conf import settings; print(settings.SECRET_KEY)"
    first, second = (as_shipped(tmp_path, sys.executable, "-c", ask).stdout for _ in range(2))
    assert first == second
    assert len(first.strip()) >= 80
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
