"""The rows of an import, table by table, from the plan in the event log; inside the transaction of `import_batch`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from headway.conformance.pinning import choices_for
from headway.deals.event_log import EventLog, sql_text
from headway.store.actions.search import words_of
from headway.store.actions.wordings import digest_of
from headway.store.bulk import ROWS_AT_ONCE, defaults_of, insert_rows, new_ids
from headway.store.import_plan import ABOUT
from headway.store.models import Contact, Deal, ImportBatch, Owner, SearchWord, Wording, Workspace
from headway.store.models.keys import new_key
from headway.store.queries.versions import list_published, process_of


def write_deals(workspace: Workspace, batch: ImportBatch, log: EventLog) -> int:
    """Make the new deals, pinned to the version in force when they were created, and the words to find them by."""
    new = log.table("SELECT * FROM import_deals WHERE is_new ORDER BY source_id")
    ids = new_ids("store_deal", new.num_rows)
    keys = [new_key() for _ in ids]
    if ids:
        columns = {name: new[name] for name in ("source_id", *ABOUT)}
        count = new.num_rows
        columns |= {"id": pa.array(ids, pa.int64()), "key": pa.array(keys, pa.string())}
        columns |= {"version_id": pa.array(_versions(workspace, new), pa.int64())}
        fixed: dict[str, Any] = {"workspace_id": workspace.pk, "batch_id": batch.pk}
        fixed = defaults_of(Deal) | fixed
        columns |= {name: pa.array([value] * count) for name, value in fixed.items() if name not in columns}
        insert_rows("store_deal", pa.table(columns).to_batches(ROWS_AT_ONCE))
        _write_words(workspace, ids, [new["name"], new["account"], new["source_id"]])
    told = pa.table(
        {"source_id": new["source_id"], "id": pa.array(ids, pa.int64()), "key": pa.array(keys, pa.string())}
    )
    log.replace("made_deals", told)
    return len(ids)


def _versions(workspace: Workspace, deals: pa.Table) -> list[int | None]:
    versions = list_published(workspace)
    processes = [process_of(version) for version in versions]
    known: dict[tuple[str, str], list[Any]] = {}
    found: list[int | None] = []
    columns = (deals[name].to_pylist() for name in ("pipeline", "record_type", "created_on"))
    for pipeline, record_type, created_on in zip(*columns, strict=True):
        kind = (pipeline, record_type)
        if kind not in known:
            known[kind] = choices_for(pipeline or None, record_type or None, processes)
        found.append(next((versions[c.process].pk for c in known[kind] if c.start <= created_on < c.end), None))
    return found


def _write_words(workspace: Workspace, ids: Any, texts: list[pa.ChunkedArray]) -> None:
    rows = [
        (word, deal)
        for deal, *said in zip(ids, *(column.to_pylist() for column in texts), strict=True)
        for word in sorted(words_of(*said))
    ]
    words, deals = zip(*rows, strict=True) if rows else ((), ())
    table = pa.table(
        {
            "word": pa.array(words, pa.string()),
            "deal_id": pa.array(deals, pa.int64()),
            "workspace_id": pa.array([workspace.pk] * len(words), pa.int64()),
        }
    )
    insert_rows("store_searchword", table.to_batches(ROWS_AT_ONCE))


def update_deals(workspace: Workspace, log: EventLog) -> dict[str, dict[str, Any]]:
    """Bring the columns of known deals up to date; what they said before, by deal id, for undoing the import."""
    changed = log.rows("SELECT id, name, account, pipeline, record_type, segment, team, currency FROM import_deals"
                       " WHERE is_changed ORDER BY id")  # fmt: skip
    before: dict[str, dict[str, Any]] = {}
    for start in range(0, len(changed), 500):
        part = {row["id"]: row for row in changed[start : start + 500]}
        deals = list(Deal.objects.filter(workspace=workspace, pk__in=part))
        for deal in deals:
            told = {name: part[deal.pk][name] for name in ABOUT}
            before[str(deal.pk)] = {name: getattr(deal, name) for name in ABOUT if getattr(deal, name) != told[name]}
            for name, value in told.items():
                setattr(deal, name, value)
            deal.is_live = True
        Deal.objects.bulk_update(deals, [*ABOUT, "is_live"])
        SearchWord.objects.filter(deal__in=deals).delete()
        said = [[getattr(deal, name) or "" for deal in deals] for name in ("name", "account", "source_id")]
        _write_words(workspace, [deal.pk for deal in deals], [pa.chunked_array([texts], pa.string()) for texts in said])
    return {deal: columns for deal, columns in before.items() if columns}


def write_owners(workspace: Workspace, log: EventLog) -> None:
    names = log.table("SELECT DISTINCT name FROM import_events WHERE kind = 'owner_set' AND name <> '' ORDER BY name")
    rows = [Owner(workspace=workspace, name=name) for name in names["name"].to_pylist()]
    Owner.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def write_wordings(workspace: Workspace, log: EventLog) -> None:
    """Keep every name, quote and reason once; leaves `text_ids` (text, id) in the log."""
    told = log.table(
        "SELECT DISTINCT word FROM (SELECT actor AS word FROM import_events UNION ALL SELECT contact FROM import_events"
        " UNION ALL SELECT note FROM import_events) WHERE word IS NOT NULL ORDER BY word"
    )
    texts = told["word"].to_pylist()
    digests = [digest_of(workspace, text) for text in texts]
    found: dict[str, int] = {}
    if texts and Wording.objects.filter(workspace=workspace).exists():
        for start in range(0, len(digests), 500):
            rows = Wording.objects.filter(workspace=workspace, digest__in=digests[start : start + 500])
            found |= dict(rows.values_list("digest", "id"))
    missing = [(digest, text) for digest, text in zip(digests, texts, strict=True) if digest not in found]
    ids = new_ids("store_wording", len(missing))
    columns = {
        "id": pa.array(ids, pa.int64()),
        "workspace_id": pa.array([workspace.pk] * len(missing), pa.int64()),
        "digest": pa.array([digest for digest, _ in missing], pa.string()),
        "text": pa.array([text for _, text in missing], pa.string()),
    }
    insert_rows("store_wording", pa.table(columns).to_batches(ROWS_AT_ONCE))
    found |= {digest: made for (digest, _), made in zip(missing, ids, strict=True)}
    numbers = pa.array([found[digest] for digest in digests], pa.int64())
    log.replace("text_ids", pa.table({"word": pa.array(texts, pa.string()), "id": numbers}))
    log.connection.execute(
        "CREATE OR REPLACE TABLE deal_rows AS SELECT id, key, source_id FROM known_deals"
        " UNION ALL SELECT id, key, source_id FROM made_deals"
    )


def event_batches(log: EventLog, workspace: Workspace, batch: ImportBatch) -> Iterator[pa.RecordBatch]:
    """The events as rows of the table, in the order in which simultaneous ones count."""
    given = {"workspace": workspace.pk, "batch": batch.pk}
    reader = log.connection.execute(sql_text("headway.store", "import_rows"), given).to_arrow_reader(ROWS_AT_ONCE)
    yield from reader


def write_contacts(workspace: Workspace, log: EventLog) -> None:
    """Everybody at the buyers whom the new events name, once per deal; those that are known are left as they are."""
    for condition, skip in (("m.id IS NOT NULL", False), ("m.id IS NULL AND k.id IS NOT NULL", True)):
        found = log.table(
            f"""
            SELECT DISTINCT coalesce(m.id, k.id) AS deal_id, e.contact AS name FROM import_events AS e
            LEFT JOIN made_deals AS m ON m.source_id = e.source_id LEFT JOIN known_deals AS k ON k.key = e.deal
            WHERE e.contact IS NOT NULL AND {condition} ORDER BY ALL
            """
        )
        count = found.num_rows
        fixed: dict[str, Any] = defaults_of(Contact) | {"workspace_id": workspace.pk}
        columns = {"deal_id": found["deal_id"], "name": found["name"]}
        columns |= {"key": pa.array([new_key() for _ in range(count)], pa.string())}
        columns |= {name: pa.array([value] * count) for name, value in fixed.items() if name not in columns}
        if count:
            insert_rows("store_contact", pa.table(columns).to_batches(ROWS_AT_ONCE), skip=skip)
