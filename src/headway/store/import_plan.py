"""What an import has to write, worked out in the event log's own engine before the store is locked.

Left behind in the log: `import_deals` (every deal of the files beside the store's) and `import_events` (what is new).
docs/how-to/import.md says what counts as new.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db.models import Max

from headway.basics.periods import naive_utc
from headway.deals.event_log import EventLog, sql_text
from headway.deals.events import SOURCE_DDL
from headway.store.actions.wordings import digest_of
from headway.store.models import Deal, Event, ImportBatch, Wording, Workspace
from headway.store.queries.event_log import fill_log

ABOUT = ("name", "account", "pipeline", "record_type", "segment", "team", "currency")
LONGEST_ID = 200
COMPARED = ("given", "unseen", "standing_values", "decisions")


def set_aside(log: EventLog) -> None:
    """Keep what the readers filled as `read_deals` and `read_events`, in a form the store takes."""
    for name in ("deals", "events"):
        log.connection.execute(f"ALTER TABLE source_{name} RENAME TO read_{name}")
        short = f"CASE WHEN length(deal) > {LONGEST_ID} THEN left(deal, 160) || md5(deal) ELSE deal END"
        log.connection.execute(f"UPDATE read_{name} SET deal = {short} WHERE length(deal) > {LONGEST_ID}")
    log.connection.execute("UPDATE read_deals SET name = NULL WHERE trim(name) = ''")
    log.connection.execute(
        "UPDATE read_events SET name = left(name, CASE WHEN kind = 'owner_set' THEN 200 ELSE 300 END), "
        "ref = left(ref, 80), contact = nullif(left(trim(contact), 200), ''), actor = nullif(trim(actor), ''), "
        "note = nullif(trim(note), '') "
        "WHERE length(name) > 200 OR length(ref) > 80 OR contact IS DISTINCT FROM nullif(left(trim(contact), 200), '')"
        " OR actor IS DISTINCT FROM nullif(trim(actor), '') OR note IS DISTINCT FROM nullif(trim(note), '')"
    )


def work_out(log: EventLog, workspace: Workspace, known_at: datetime) -> int:
    """Compare with the store as it is now; returns how many events are to be written. May be called again."""
    for name in ("source_deals", "source_events"):
        log.connection.execute(f"DROP TABLE IF EXISTS {name}")
        log.connection.execute(next(one for one in SOURCE_DDL if f"CREATE TABLE {name} " in one))
    _leave_out_erased(log, workspace)
    _known_deals(log, workspace)
    if log.value("SELECT count(*) FROM known_deals") or log.value(
        "SELECT count(*) FROM read_events WHERE deal IS NULL"
    ):
        fill_log(workspace.pk, log)
    moment = {"known_at": naive_utc(known_at)}
    for step in ("deals", *COMPARED, "events"):
        query = sql_text("headway.store", f"import_{step}")
        log.connection.execute(query, moment if "$known_at" in query else {})
    _reopen(log, workspace, naive_utc(known_at))
    return int(log.value("SELECT count(*) FROM import_events"))


def state_of(workspace: Workspace) -> tuple[Any, ...]:
    """What changes when another import is done or undone: the plan holds while this stays the same."""
    done = ImportBatch.objects.filter(workspace=workspace, state="done")
    return (done.count(), done.filter(undone_at=None).count(), done.aggregate(newest=Max("id"))["newest"])


def _known_deals(log: EventLog, workspace: Workspace) -> None:
    names = ("id", "key", "source_id", "is_live", *ABOUT)
    rows = Deal.objects.filter(workspace=workspace, source_id__isnull=False).values_list(*names)
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    types = {"id": pa.int64(), "is_live": pa.bool_()}
    arrays = {name: pa.array(values, types.get(name, pa.string())) for name, values in zip(names, columns, strict=True)}
    log.replace("known_deals", pa.table(arrays))


def _leave_out_erased(log: EventLog, workspace: Workspace) -> None:
    """What was erased stays erased: a file that still holds the words does not bring them back."""
    erased = set(Wording.objects.filter(workspace=workspace, text=None).values_list("digest", flat=True))
    if not erased:
        return
    for column in ("contact", "actor", "note"):
        told = log.table(f"SELECT DISTINCT {column} AS word FROM read_events WHERE {column} IS NOT NULL")
        gone = [text for text in told["word"].to_pylist() if digest_of(workspace, text) in erased]
        if gone:
            log.replace("erased_words", pa.table({"word": pa.array(gone, pa.string())}))
            log.connection.execute(
                f"UPDATE read_events SET {column} = NULL WHERE {column} IN (SELECT word FROM erased_words)"
            )


def _reopen(log: EventLog, workspace: Workspace, known_at: datetime) -> None:
    """A deal that an import decided and that the export shows open was reopened; what a person decided stays."""
    found = log.table(sql_text("headway.store", "import_reopened"), {"known_at": known_at})
    if not found.num_rows:
        return
    ids = found["ordinal"].to_pylist()
    by_import: set[int] = set()
    for start in range(0, len(ids), 500):
        rows = Event.objects.filter(workspace=workspace, pk__in=ids[start : start + 500], batch__isnull=False)
        by_import |= set(rows.values_list("pk", flat=True))
    deals = [d for d, event in zip(found["deal"].to_pylist(), ids, strict=True) if event in by_import]
    if deals:
        log.replace("reopened_deals", pa.table({"deal": pa.array(deals, pa.string())}))
        log.connection.execute(
            """
            INSERT INTO import_events BY NAME
            SELECT deal, 'deal_reopened' AS kind, $known_at AS happened_at, $known_at AS recorded_at,
                'snapshot' AS recorded_how, (SELECT max(ordinal) FROM import_events) + row_number() OVER () AS ordinal
            FROM reopened_deals
            """,
            {"known_at": known_at},
        )


Progress = Callable[[int, int], None]
"""Called now and then with: events written so far, and all."""
