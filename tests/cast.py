"""The cast of every test of the application: Alice leads, Bob sells, Olga runs operations, Vera views,
and Carol is an outsider with a workspace of her own, who must see nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.test import Client

from headway.process.starters import get_starter
from headway.process.text import process_text
from headway.store.actions.workspaces import add_member, make_person, make_workspace
from headway.store.guards import ALL, enter
from headway.store.models import Person, Process, ProcessVersion, Workspace
from headway.store.queries.access import Access, get_access

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    """Everybody, and the two workspaces."""

    alice: Person
    bob: Person
    olga: Person
    vera: Person
    carol: Person
    workspace: Workspace
    elsewhere: Workspace
    version: ProcessVersion

    def access(self, person: Person) -> Access:
        """This person inside the workspace they belong to."""
        return get_access(person, (self.elsewhere if person == self.carol else self.workspace).key)


def make_cast(at: datetime = NOW) -> Cast:
    """Everybody, with a published process (the starter in buyer terms) in the workspace."""
    people = {
        name: make_person(email=f"{name}@example.com", name=f"{name.title()} Adler", password=PASSWORD, at=at)
        for name in ("alice", "bob", "olga", "vera", "carol")
    }
    elsewhere = make_workspace(name="Elsewhere Ltd", by=people["carol"], at=at)
    workspace = make_workspace(name="Acme Sales", by=people["alice"], at=at)
    for name, role in (("bob", "seller"), ("olga", "operations"), ("vera", "viewer")):
        owner = "Bob Adler" if name == "bob" else None
        add_member(workspace=workspace, person=people[name], role=role, by=people["alice"], at=at, owner=owner)
    process = Process.objects.create(workspace=workspace, name="Selling to a buying group", created_at=at)
    text = process_text(get_starter("buyer_terms"))
    version = ProcessVersion.objects.create(
        workspace=workspace, process=process, number=1, text=text, changed_at=at, published_at=at
    )
    enter(ALL)  # the test sees everything; what it calls enters its own walls
    return Cast(**people, workspace=workspace, elsewhere=elsewhere, version=version)


def client_of(person: Person) -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(person)
    return client
