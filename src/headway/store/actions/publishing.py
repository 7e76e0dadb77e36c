"""Publish the draft of a process: number it, pin open deals to it or leave them; and take that back within a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery

from headway.basics.errors import UserError
from headway.process.definition import Process as ProcessValue
from headway.process.definition import Stage
from headway.process.form_check import check_form
from headway.process.stage_pairs import folded
from headway.process.text import process_text
from headway.store.actions.audit import append_entry
from headway.store.actions.jobs import ask_for
from headway.store.actions.standing import refresh
from headway.store.models import Deal, Person, Pin, Process, ProcessVersion
from headway.store.queries.processes import OldStage, find_draft, find_published, get_draft, open_deals, outlook
from headway.store.queries.versions import find_version_for

AT_ONCE = 1_000  # rows in one statement
REFRESHED_AT_ONCE = 200  # deals whose rows are worked out before the answer; the rest follow in the analysis
UNDO_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: `moved` open deals from another version, `pinned` deals that had no process."""

    version: ProcessVersion
    moved: int
    pinned: int


@transaction.atomic
def publish(
    *,
    process: Process,
    revision: int,
    valid_from: date | None,
    move: bool,
    mapping: Mapping[str, str],
    by: Person,
    at: datetime,
) -> Published:
    """The draft becomes the next version. `move`: open deals of other versions are set against it from now on.

    `mapping`: name of an old stage -> name of the new one. Names that the CRM uses for old stages become claims of
    the new ones, so that what sellers claim there goes on to be understood. Deals without a process get this one.
    UserError where the draft is not sound, was changed since `revision`, or the day lies before the last version's.
    """
    process = Process.objects.select_for_update().get(pk=process.pk)
    row = find_draft(process)
    if row is None or row.revision != revision:
        raise UserError("The draft was changed since you looked at it: look at the differences again, then publish.")
    before = find_published(process)
    if before and before.valid_from and (valid_from is None or valid_from < before.valid_from):
        raise UserError(f"Version {before.number} is valid from {before.valid_from}: choose that day or a later one.")
    value = sound_process(process)
    ahead = outlook(process, replace(value, valid_from=valid_from))
    if move:
        value = with_claims(value, ahead.stages, mapping)
    number = (process.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    row.number, row.valid_from, row.published_at, row.changed_by, row.changed_at = number, valid_from, at, by, at
    row.text = process_text(replace(value, version=str(number), valid_from=valid_from))
    row.mapping = {old: new for old, new in mapping.items() if new} if move else {}
    row.save()
    Process.objects.filter(pk=process.pk).update(name=value.name[:200])
    moved = _pin(_with_process(process, ahead.kinds) if move else [], row, by, at)
    pinned = _pin(_without_process(process, row, at), row, by, at)
    append_entry(
        workspace=process.workspace, by=by, at=at, verb="publish process", target=f"process {process.key}",
        detail={"version": number, "moved": moved, "pinned": pinned},
    )  # fmt: skip
    _refreshed(row, by, at)
    return Published(row, moved, pinned)


def sound_process(process: Process) -> ProcessValue:
    """The draft as a process. UserError with the first thing that is wrong, and how many more there are."""
    draft = get_draft(process)
    value, problems = check_form(draft.form, draft.process)
    if value is None:
        more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        raise UserError(f"The draft is not ready: {problems[0].sentence}{more}")
    return value


def with_claims(new: ProcessValue, old: Sequence[OldStage], mapping: Mapping[str, str]) -> ProcessValue:
    """`new` with every name of an old stage, that no new stage has, as a claim of the stage it is mapped to."""
    taken = {folded(label) for stage in new.stages for label in stage.labels}
    more: dict[str, list[str]] = {}
    for stage in old:
        target = stage.suggested if stage.settled else mapping.get(stage.name, stage.suggested)
        for label in stage.labels if target else ():
            if folded(label) not in taken:
                taken.add(folded(label))
                more.setdefault(target, []).append(label)

    def claimed(stage: Stage) -> Stage:
        return replace(stage, claims=(*stage.claims, *more.get(stage.name, ())))

    return replace(new, stages=tuple(claimed(stage) for stage in new.stages))


@transaction.atomic
def withdraw(*, version: ProcessVersion, by: Person, at: datetime) -> int:
    """Undo of publishing: deals go back to the versions they had, and the text is a draft again. Deals given back.

    UserError after 24 hours, after the next version, and where deals were set against this one since.
    """
    process = Process.objects.select_for_update().get(pk=version.process_id)
    version = ProcessVersion.objects.get(pk=version.pk)
    if version.withdrawn_at is not None:
        return 0
    _note_too_late(process, version, at)
    mine = Deal.objects.filter(version=version)
    ids = list(mine.values_list("id", flat=True))
    earlier = Pin.objects.filter(deal=OuterRef("pk"), version__withdrawn_at=None).exclude(version=version)
    newest = Subquery(earlier.order_by("-id").values("version_id")[:1])
    back = dict(mine.annotate(earlier=newest).values_list("id", "earlier"))
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        known = [pk for pk in part if back[pk]]
        Pin.objects.bulk_create(
            Pin(workspace=process.workspace, deal_id=pk, version_id=back[pk], at=at, by=by) for pk in known
        )
        for target in {back[pk] for pk in part}:
            Deal.objects.filter(pk__in=[pk for pk in part if back[pk] == target]).update(
                version_id=target, standing_at=None, turns_at=at
            )
    ProcessVersion.objects.filter(pk=version.pk).update(withdrawn_at=at)
    if find_draft(process) is None:
        ProcessVersion.objects.create(
            workspace=process.workspace, process=process, form=version.form, changed_at=at, changed_by=by
        )
    append_entry(
        workspace=process.workspace, by=by, at=at, verb="withdraw version", target=f"process {process.key}",
        detail={"version": version.number, "deals": len(ids)},
    )  # fmt: skip
    for deal in Deal.objects.filter(pk__in=ids[:REFRESHED_AT_ONCE]):
        refresh(deal=deal, at=at, touched=False)
    ask_for(kind="analysis", workspace=process.workspace, by=by, at=at, once=f"analysis {process.workspace_id}")
    return len(ids)


def _note_too_late(process: Process, version: ProcessVersion, at: datetime) -> None:
    """UserError where publishing can no longer be undone."""
    if version.published_at is None or at - version.published_at > UNDO_WITHIN:
        raise UserError("Publishing can be undone for 24 hours: edit the process and publish the next version instead.")
    newest = find_published(process)
    if newest is not None and newest.pk != version.pk:
        raise UserError(f"Version {newest.number} was published since: undo that one first, or publish the next.")
    pinned_then = Pin.objects.filter(deal=OuterRef("pk"), version=version, at=version.published_at)
    since = Deal.objects.filter(version=version).exclude(pk__in=Subquery(pinned_then.values("deal_id"))).count()
    if since:
        deals = "A deal was" if since == 1 else f"{since} deals were"
        raise UserError(f"{deals} set against this version since: edit the process and publish the next one instead.")


def _with_process(process: Process, kinds: Sequence[tuple[str, str]]) -> list[int]:
    """Open deals of these kinds that are set against some version."""
    deals = open_deals(process).filter(version__isnull=False)
    return [
        pk
        for pipeline, kind in kinds
        for pk in deals.filter(pipeline=pipeline, record_type=kind).values_list("id", flat=True)
    ]


def _without_process(process: Process, version: ProcessVersion, at: datetime) -> list[int]:
    """Live deals, decided ones too, that have no process and of whose kind and day of creation this version is."""
    deals = Deal.objects.filter(workspace=process.workspace, is_live=True, version=None)
    found = [
        (pk, pipeline, kind, (opened or at).date())
        for pk, pipeline, kind, opened in deals.values_list("id", "pipeline", "record_type", "opened_at")
    ]
    chosen: dict[tuple[str, str, date], bool] = {}
    for _, pipeline, kind, day in found:
        if (pipeline, kind, day) not in chosen:
            match = find_version_for(process.workspace, pipeline=pipeline, record_type=kind, created_on=day)
            chosen[pipeline, kind, day] = match is not None and match.pk == version.pk
    return [pk for pk, pipeline, kind, day in found if chosen[pipeline, kind, day]]


def _pin(ids: Sequence[int], version: ProcessVersion, by: Person, at: datetime) -> int:
    """Set these deals against the version from `at` on. What they were set against before is history first."""
    for start in range(0, len(ids), AT_ONCE):
        part = Deal.objects.filter(pk__in=ids[start : start + AT_ONCE])
        first = part.filter(pins=None, version__isnull=False).values_list("id", "version_id", "opened_at")
        Pin.objects.bulk_create(
            Pin(workspace=version.workspace, deal_id=pk, version_id=old, at=opened or at)
            for pk, old, opened in list(first)
        )
        Pin.objects.bulk_create(
            Pin(workspace=version.workspace, deal_id=pk, version=version, at=at, by=by)
            for pk in list(part.values_list("id", flat=True))
        )
        part.update(version=version, turns_at=at)
    return len(ids)


def _refreshed(version: ProcessVersion, by: Person, at: datetime) -> None:
    """Work out the rows of the deals most looked at now; the analysis does the rest."""
    deals = Deal.objects.filter(version=version, outcome="", is_live=True).order_by(F("amount").desc(nulls_last=True))
    for deal in deals[:REFRESHED_AT_ONCE]:
        refresh(deal=deal, at=at, touched=False)
    workspace = version.workspace
    ask_for(kind="analysis", workspace=workspace, by=by, at=at, once=f"analysis {workspace.pk}")
