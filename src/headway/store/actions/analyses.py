"""Write what an analysis found: its texts, the findings, and the rows of all deals; only what changed is touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction

from headway.diagnosis.value import Finding
from headway.store.actions.standing import refresh
from headway.store.deal_row import COLUMNS
from headway.store.models import Analysis, Deal, DealFinding, Owner, Workspace
from headway.store.queries.analyses import scale_from
from headway.store.queries.clock import shown_at

KEPT = 2  # analyses of a workspace: the newest, and the one before it
AT_ONCE = 2_000
Row = tuple[str, dict[str, Any], str, int]
"""A deal's key, the columns of its row, its owner's name, its newest event."""
FoundRow = tuple[int, str, str, datetime | None, str, str, bool]
"""A finding's deal, rule, stage, moment, what happened, what would mend it, whether it was allowed."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Texts:
    """What pages show of an analysis: `diagnosis`, `rewind` as JSON; `short`, `sections`, `page` as HTML; `summary`."""

    summary: dict[str, Any]
    diagnosis: str
    rewind: str
    short: str
    sections: str
    page: str


def write_analysis(
    *, workspace: Workspace, texts: Texts, rows: Iterable[Row], findings: Iterable[Finding], last_event: int,
    as_of: datetime, started_at: datetime, at: datetime,
) -> Analysis:  # fmt: skip
    """Store it in one transaction. Deals that somebody touched since `started_at` keep what was worked out then.

    `rows`, `findings`: of every deal the analysis saw, compared with what is stored before anything is locked.
    """
    now = _stored_rows(workspace)
    changed, seen = _changed(now, rows)
    stale, fresh = _findings_changed(workspace, {key: row["id"] for key, row in now.items()}, findings)
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
        made = Analysis.objects.create(
            workspace=workspace, as_of=as_of, started_at=started_at, finished_at=at, last_event=last_event,
            summary=texts.summary, diagnosis=texts.diagnosis, rewind=texts.rewind, short=texts.short,
            sections=texts.sections, page=texts.page,
        )  # fmt: skip
        _write_rows(workspace, changed, started_at, at)
        _refresh_others(workspace, seen, texts.summary, as_of, at)
        for part in _parts(stale):
            DealFinding.objects.filter(pk__in=part).delete()
        _write_findings(workspace, fresh)
        older = (
            Analysis.objects.filter(workspace=workspace).order_by("-finished_at", "-id").values_list("pk", flat=True)
        )
        Analysis.objects.filter(workspace=workspace).exclude(pk__in=list(older[:KEPT])).delete()
    return made


def _stored_rows(workspace: Workspace) -> dict[str, dict[str, Any]]:
    names = ("id", "key", "owner__name", "last_event", *COLUMNS)
    rows = Deal.objects.filter(workspace=workspace, is_live=True).values_list(*names)
    return {row[1]: dict(zip(names, row, strict=True)) for row in rows.iterator(AT_ONCE)}


def _changed(
    now: dict[str, dict[str, Any]], rows: Iterable[Row]
) -> tuple[list[tuple[int, dict[str, Any], str, int]], set[str]]:
    """(id, columns, owner, newest event) of rows that differ from what is stored; the keys of all that were seen."""
    changed, seen = [], set()
    for key, columns, owner, last_event in rows:
        seen.add(key)
        stored = now.get(key)
        if stored is None:
            continue
        last_event = max(last_event, stored["last_event"])
        same = (stored["owner__name"] or "", stored["last_event"]) == (owner[:200], last_event)
        if not same or any(stored[name] != value for name, value in columns.items()):
            changed.append((stored["id"], columns, owner[:200], last_event))
    return changed, seen


def _write_rows(
    workspace: Workspace, changed: list[tuple[int, dict[str, Any], str, int]], started_at: datetime, at: datetime
) -> None:
    newer = set(Deal.objects.filter(workspace=workspace, touched_at__gt=started_at).values_list("pk", flat=True))
    names = {owner for _, _, owner, _ in changed if owner}
    known = dict(Owner.objects.filter(workspace=workspace).values_list("name", "pk"))
    missing = [Owner(workspace=workspace, name=name) for name in sorted(names - known.keys())]
    Owner.objects.bulk_create(missing, batch_size=500)
    known |= {owner.name: owner.pk for owner in missing}
    fields: list[Any] = [Deal._meta.get_field(name) for name in (*COLUMNS, "owner", "last_event", "standing_at")]
    told = ", ".join(f'"{field.column}" = %s' for field in fields)
    statement = f"UPDATE store_deal SET {told} WHERE id = %s"
    rows = (
        [*(columns[name] for name in COLUMNS), known.get(owner), last_event, at, deal]
        for deal, columns, owner, last_event in changed
        if deal not in newer
    )
    with connection.cursor() as cursor:
        for part in _parts(rows):
            values = [
                [f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=False)] + [row[-1]]
                for row in part
            ]
            cursor.executemany(statement, values)


def _refresh_others(
    workspace: Workspace, seen: set[str], summary: dict[str, Any], as_of: datetime, at: datetime
) -> None:
    """Deals of which nothing is known any more, and those that live in the present while the data shows a past day."""
    deals = Deal.objects.filter(workspace=workspace, is_live=True)
    keys = set(deals.values_list("key", flat=True)) - seen
    if shown_at(workspace, at) != at:
        keys |= set(deals.filter(touched_at__gt=as_of).values_list("key", flat=True))
    scale = scale_from(summary)
    for part in _parts(sorted(keys)):
        for deal in deals.filter(key__in=part):
            refresh(deal=deal, at=at, touched=False, scale=scale)


def _findings_changed(
    workspace: Workspace, ids: dict[str, int], findings: Iterable[Finding]
) -> tuple[list[int], list[FoundRow]]:
    """(ids of rows that are no longer found, rows that are new)."""
    names = ("deal_id", "rule", "stage", "happened_at", "what", "mend", "allowed")
    stored: dict[FoundRow, list[int]] = {}
    for pk, *row in DealFinding.objects.filter(workspace=workspace).values_list("pk", *names).iterator(AT_ONCE):
        stored.setdefault(tuple(row), []).append(pk)
    fresh: list[FoundRow] = []
    for one in findings:
        if one.deal not in ids:
            continue
        stage = (one.stage or "")[:300]
        found = (ids[one.deal], one.rule, stage, one.happened_at, one.what, one.mend, one.allowed)
        same = stored.get(found)
        if same:
            same.pop()
        else:
            fresh.append(found)
    return [pk for left in stored.values() for pk in left], fresh


def _write_findings(workspace: Workspace, fresh: Sequence[FoundRow]) -> None:
    for part in _parts(fresh):
        DealFinding.objects.bulk_create(
            DealFinding(
                workspace=workspace, deal_id=deal, rule=rule, stage=stage, happened_at=happened_at, what=what,
                mend=mend, allowed=allowed,
            )
            for deal, rule, stage, happened_at, what, mend, allowed in part
        )  # fmt: skip


def _parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    left = iter(items)
    while part := list(islice(left, AT_ONCE)):
        yield part
