"""Planted secrets: none of them stands in a log, in a copy of the database, in an export or in a backup."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from headway.store.actions.calendar_links import make_calendar_link
from headway.store.actions.deals import add_deal
from headway.store.actions.invitations import invite
from headway.store.export_writing import write_export
from headway.store.guards import ALL, entered
from headway.store.models import SlackHook
from headway.store.sealing import sealed
from tests.cast import NOW, PASSWORD, Cast, client_of, make_cast
from tests.web.pages import to

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.slack.com/services/T0CANARY/B0CANARY/canarycanarycanary"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that the application says, down to the smallest word."""
    told = io.StringIO()
    handler, root = logging.StreamHandler(told), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield told
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def plant(cast: Cast) -> dict[str, str]:
    """Every kind of secret that there is, through the doors they come in by; name to secret."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    add_deal(workspace=cast.workspace, name="Fleet renewal", by=cast.bob, at=NOW, owner="Bob Adler")
    secret = generate_totp_secret()
    TOTP.activate(cast.alice, secret)
    codes = RecoveryCodes.activate(cast.alice).get_unused_codes()
    _, token = invite(workspace=cast.workspace, email="nora@example.com", role="seller", by=cast.alice, at=NOW)
    SlackHook.objects.create(workspace=cast.workspace, hook=sealed(HOOK), by=cast.alice, at=NOW)
    calendar = make_calendar_link(workspace=cast.workspace, person=cast.bob, at=NOW)
    client = client_of(cast.bob)
    client.get(f"/calendars/{calendar}.ics")
    client.get(to(cast, "my_deals"))
    client.post("/account/login/", {"login": cast.bob.email, "password": PASSWORD + "wrong"})
    client.post("/account/login/", {"login": cast.bob.email, "password": PASSWORD})
    client.get("/people/join/", {"token": token})
    return {
        "password": PASSWORD, "second factor": secret, "recovery code": codes[0],
        "invitation": token, "calendar": calendar,
        "hook": HOOK,
        "session": str(client.session.session_key), "secret of the workspace": bytes(cast.workspace.secret).hex(),
    }  # fmt: skip


def everything() -> str:
    """Every cell of every table, as text."""
    found = []
    with entered(ALL), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [cell if isinstance(cell, str) else repr(cell) for cell in row]
    return "\n".join(found)


def test_none_stands_in_the_log_or_in_the_database(cast: Cast, logged: io.StringIO) -> None:
    planted = plant(cast)
    dump = everything()
    assert "Fleet renewal" in dump
    assert [name for name, secret in planted.items() if secret in logged.getvalue()] == []
    assert [name for name, secret in planted.items() if secret in dump] == []


def test_none_leaves_with_an_export(cast: Cast, tmp_path: Path) -> None:
    planted = plant(cast) | {"key of the installation": settings_key()}
    file = tmp_path / "export.zip"
    write_export(workspace=cast.workspace, file=file, at=NOW)
    with zipfile.ZipFile(file) as archive:
        text = "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert "Fleet renewal" in text
    hashes = [row for row in everything().splitlines() if row.startswith(("argon2", "pbkdf2", "gAAAA"))]
    assert hashes, "nothing is hashed or sealed: the harness sees nothing"
    assert [name for name, secret in planted.items() if secret in text] == []
    assert [row for row in hashes if row in text] == []


def settings_key() -> str:
    """The key under which everything is sealed and signed."""
    from django.conf import settings

    return str(settings.SECRET_KEY)
