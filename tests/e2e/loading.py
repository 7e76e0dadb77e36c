"""The simulated firm straight into the tables, until an import can read its files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from headway.connectors.source import read_sources
from headway.deals.event_log import EventLog
from headway.store.actions.search import index_deal
from headway.store.actions.standing import refresh
from headway.store.actions.wordings import wordings
from headway.store.models import Deal, Event, Process, ProcessVersion, Workspace

TEXTS = ("account", "pipeline", "record_type", "segment", "team", "currency")
PLAIN = ("kind", "name", "recorded_how", "grade", "amount", "due_on", "ref")


@transaction.atomic
def load_straight(workspace: Workspace, files: tuple[Path, ...], now: datetime) -> None:
    """`files`: the three tables of the firm's export, then its process."""
    process = Process.objects.create(workspace=workspace, name="Demo", created_at=now)
    version = ProcessVersion.objects.create(
        workspace=workspace, process=process, number=1, text=files[3].read_text(), changed_at=now, published_at=now
    )
    with EventLog(in_memory=True) as log:
        read_sources(files[:3], log)
        rows, events = (
            log.rows("SELECT * FROM source_deals"),
            log.rows("SELECT * FROM source_events ORDER BY deal, ordinal"),
        )
    said = wordings(workspace, {t for e in events for t in (e["actor"], e["contact"], e["note"]) if t})
    deals = {
        row["deal"]: Deal(
            workspace=workspace, source_id=row["deal"], name=row["name"] or row["deal"], version=version,
            **{text: row[text] or "" for text in TEXTS},
        )
        for row in rows
    }  # fmt: skip
    Deal.objects.bulk_create(deals.values())
    Event.objects.bulk_create(
        [
            Event(
                workspace=workspace, deal=deals.get(e["deal"]), happened_at=e["happened_at"].replace(tzinfo=UTC),
                recorded_at=(e["recorded_at"] or e["happened_at"]).replace(tzinfo=UTC),
                actor_id=said.get(e["actor"]), contact_id=said.get(e["contact"]), note_id=said.get(e["note"]),
                **{name: e[name] for name in PLAIN},
            )
            for e in events
        ],
        batch_size=1000,
    )  # fmt: skip
    for deal in deals.values():
        refresh(deal=deal, at=now, touched=False)
        index_deal(deal=deal)
