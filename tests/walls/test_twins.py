"""Twin workspaces: every role of one, with every key of the other, in every address and every field of every form."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.db.models import F, ForeignKey
from django.test import Client

from headway.store.guards import ALL, entered
from headway.store.models import Membership, Process, ProcessVersion, Workspace
from headway.store.models.people import Role
from tests.cast import NOW, Cast, client_of, make_cast
from tests.web.routes import Route, furnish, list_routes, missing
from tests.web.test_headers import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def theirs(cast: Cast) -> dict[str, str]:
    """What the first workspace holds, by kind."""
    return furnish(cast.workspace, cast.alice, cast.version, cast.bob)


@pytest.fixture
def hers(cast: Cast, theirs: dict[str, str]) -> dict[str, str]:
    """Carol's twin of each of them."""
    process = Process.objects.create(workspace=cast.elsewhere, name="Hers", created_at=NOW)
    version = ProcessVersion.objects.create(
        workspace=cast.elsewhere, process=process, number=1, text=cast.version.text, changed_at=NOW, published_at=NOW
    )
    return furnish(cast.elsewhere, cast.carol, version, cast.carol)


def inside(keys: dict[str, str]) -> list[Route]:
    """Addresses of a workspace; that each has a key in `furnish` is demanded by tests/web/test_headers.py."""
    return [route for route in list_routes() if route.inside and keys.keys() >= set(route.kinds)]


def rows_of(workspace: Workspace) -> dict[str, str]:
    """A hash of the workspace's rows in every table but the audit's of who saw what."""
    found = {}
    with entered(ALL):
        for model in apps.get_app_config("store").get_models():
            if any(field.name == "workspace" for field in model._meta.get_fields()):
                rows = model._default_manager.filter(workspace=workspace).order_by("pk").values_list()
                found[model._meta.db_table] = hashlib.sha256(repr(list(rows)).encode()).hexdigest()
    return found


def over_the_wall() -> list[str]:
    """Rows that point at a row of another workspace, in every table and by every foreign key."""
    found = []
    with entered(ALL):
        for model in apps.get_app_config("store").get_models():
            names = {field.name for field in model._meta.get_fields()}
            for field in model._meta.get_fields():
                if "workspace" not in names or not isinstance(field, ForeignKey) or field.name == "workspace":
                    continue
                target = field.related_model
                if not any(one.name == "workspace" for one in target._meta.get_fields()):
                    continue
                rows = model._default_manager.exclude(**{f"{field.name}__workspace": F("workspace")})
                rows = rows.exclude(**{field.name: None})
                found += [f"{model._meta.db_table} {pk} by {field.name}" for pk in rows.values_list("pk", flat=True)]
    return found


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("method", ["get", "post"])
def test_in_every_role_the_other_workspaces_keys_are_like_keys_of_nothing(
    cast: Cast, theirs: dict[str, str], role: str, method: str
) -> None:
    Membership.objects.filter(workspace=cast.elsewhere, person=cast.carol).update(role=role)
    carol, none = client_of(cast.carol), missing(theirs)
    before = rows_of(cast.workspace)
    faults = []
    for route in inside(theirs):
        if route.kinds:
            seen = told(carol, method, route.url(cast.elsewhere.key, theirs))
            if seen != told(carol, method, route.url(cast.elsewhere.key, none)) or seen[0] not in (403, 404, 405):
                faults.append(f"{method} {route.name} as {role}: {seen[0]}")
    assert not faults, "\n".join(faults)
    assert rows_of(cast.workspace) == before


def test_no_form_takes_a_key_of_the_other_workspace(cast: Cast, theirs: dict[str, str], hers: dict[str, str]) -> None:
    """Every form of Carol's pages is sent with each key in it replaced by that of its twin."""
    carol, twin = client_of(cast.carol), {key: theirs[kind] for kind, key in hers.items() if len(key) == 12}
    before, sent = rows_of(cast.workspace), 0
    for form in forms_of(carol, cast, hers):
        fields = {name: [twin.get(value, value) for value in values] for name, values in form.fields.items()}
        if fields == form.fields:
            continue
        sent += 1
        answer = carol.post(form.action, fields) if form.method == "post" else carol.get(form.action, fields)
        assert answer.status_code < 500, (form, answer.status_code)
        for value in twin.values():
            assert f"/{value}/" not in answer.content.decode(), (form.action, fields)
    assert sent >= 3, "no form carries a key: the harness sees nothing"
    assert rows_of(cast.workspace) == before
    assert over_the_wall() == []


class Form:
    """A form as it would be sent: its address, its method and its fields."""

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method.lower() or "get"
        self.fields: dict[str, list[str]] = {}

    def __repr__(self) -> str:
        return f"{self.method} {self.action} {self.fields}"


class Forms(HTMLParser):
    """The forms of a page. Of choices all values are sent: the more a form is given, the more it may take."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self.open: Form | None = None
        self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(urljoin(self.page, told.get("action") or self.page), told.get("method", "get"))
            self.found.append(self.open)
        elif self.open is not None and tag in ("input", "button", "textarea") and told.get("name"):
            self.open.fields.setdefault(told["name"], []).append(told.get("value", ""))
        elif tag == "select":
            self.choice = told.get("name", "")
        elif tag == "option" and self.open is not None and self.choice:
            self.open.fields.setdefault(self.choice, []).append(told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.choice = ""


def forms_of(client: Client, cast: Cast, keys: dict[str, str]) -> Iterator[Form]:
    """Those of every page of Carol's workspace, once each."""
    seen = set()
    for route in inside(keys):
        url = route.url(cast.elsewhere.key, keys)
        answer = client.get(url)
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = Forms(url)
        page.feed(answer.content.decode())
        for form in page.found:
            mark = (urlsplit(form.action).path, form.method, tuple(sorted(form.fields)))
            if mark not in seen and "/undo/" not in form.action:
                seen.add(mark)
                yield form
