"""What an analysis needs beside the events: the versions that deals are set against, contacts written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db.models import Max, Min

from headway.process.definition import Process
from headway.store.models import Contact, Deal, Event, ProcessVersion, Workspace
from headway.store.queries.versions import list_published, process_of


@dataclass(frozen=True, slots=True)
class Pinned:
    """`table`: columns `deal` (key), `process` (its place in `processes`, NULL: none), for every live deal.

    `events`: about how many events there are, at most.
    """

    processes: tuple[Process, ...]
    version_ids: tuple[int, ...]
    table: pa.Table
    events: int


def pinned_deals(workspace: Workspace) -> Pinned:
    """Which version each live deal is set against: published ones, and older ones that deals still belong to."""
    deals = list(Deal.objects.filter(workspace=workspace, is_live=True).order_by("id").values_list("key", "version_id"))
    versions = {version.pk: version for version in list_published(workspace)}
    others = {version for _, version in deals if version is not None} - versions.keys()
    for version in ProcessVersion.objects.filter(workspace=workspace, pk__in=others).order_by("pk"):
        versions[version.pk] = version
    places = {pk: place for place, pk in enumerate(versions)}
    numbers = [None if version is None else places[version] for _, version in deals]
    table = pa.table(
        {"deal": pa.array([key for key, _ in deals], pa.string()), "process": pa.array(numbers, pa.int32())}
    )
    span = Event.objects.filter(workspace=workspace).aggregate(first=Min("id"), last=Max("id"))
    events = 0 if span["last"] is None else span["last"] - span["first"] + 1
    return Pinned(tuple(process_of(version) for version in versions.values()), tuple(versions), table, events)


def process_ids(versions: Sequence[int]) -> tuple[int, ...]:
    """To which process each of these versions belongs, in their order."""
    owners = dict(ProcessVersion.objects.filter(pk__in=versions).values_list("pk", "process_id"))
    return tuple(owners[version] for version in versions)


def written_contacts(workspace: Workspace) -> dict[str, list[tuple[str, str, str]]]:
    """Per open deal's key: name, part and address of the contacts on its list, in their order; at most 100 each."""
    rows = Contact.objects.filter(workspace=workspace, removed_at=None, deal__is_live=True, deal__outcome="")
    found: dict[str, list[tuple[str, str, str]]] = {}
    for key, *contact in rows.order_by("id").values_list("deal__key", "name", "part", "email").iterator(5_000):
        people = found.setdefault(key, [])
        if len(people) < MOST_CONTACTS:
            people.append((contact[0], contact[1], contact[2]))
    return found


MOST_CONTACTS = 100
