"""Processes as the editor needs them: their versions, their drafts, and the open deals a new version would concern."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from django.db.models import Count, QuerySet

from headway.conformance.order import stage_order
from headway.conformance.pinning import FAR_FUTURE, choices_for
from headway.deals.events import EventKind
from headway.process.definition import Process, Stage
from headway.process.form import ProcessForm, form_of, read_form
from headway.process.stage_pairs import folded, stage_mapping
from headway.store.models import Deal, Event
from headway.store.models import Process as ProcessRow
from headway.store.models import ProcessVersion as VersionRow
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.versions import list_published, process_of

__all__ = ["Draft", "Listed", "OldStage", "Outlook", "ProcessRow", "VersionRow"]

MOST_PROCESSES = 100
MOST_STAGES = 100
LOOKED_AT = 400  # deals from which the order of stages is read


@dataclass(frozen=True, slots=True)
class Listed:
    """A process in the list: its newest version, its draft (either may be None), open deals set against it."""

    row: ProcessRow
    published: VersionRow | None
    draft: VersionRow | None
    open_deals: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What the editor shows. `revision` 0: nobody has changed anything yet, and the form is the published version."""

    form: ProcessForm
    revision: int
    row: VersionRow | None
    published: VersionRow | None

    @property
    def process(self) -> Process | None:
        """The published version as a process."""
        return process_of(self.published) if self.published else None


@dataclass(frozen=True, slots=True)
class OldStage:
    """A stage that open deals are claimed in: how many, the new stage suggested, and whether its name settles it."""

    name: str
    labels: tuple[str, ...]
    deals: int
    suggested: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What publishing would concern. `pinned`: open deals set against another version; `unpinned`: against none."""

    pinned: int
    unpinned: int
    stages: tuple[OldStage, ...]
    kinds: tuple[tuple[str, str], ...]  # (pipeline, record type) that the new version is for


def list_processes(access: Access) -> list[Listed]:
    """The processes in use by name; at most 100."""
    rows = list(
        ProcessRow.objects.filter(workspace=access.workspace, archived_at=None).order_by("name")[:MOST_PROCESSES]
    )
    versions = VersionRow.objects.filter(process__in=rows, withdrawn_at=None).select_related("changed_by")
    newest: dict[int, VersionRow] = {}
    drafts: dict[int, VersionRow] = {}
    for version in versions.order_by("number"):
        (drafts if version.number is None else newest)[version.process_id] = version
    deals = Deal.objects.filter(workspace=access.workspace, is_live=True, outcome="", version__isnull=False)
    counts = dict(deals.values_list("version__process_id").annotate(deals=Count("id")))
    return [Listed(row, newest.get(row.pk), drafts.get(row.pk), counts.get(row.pk, 0)) for row in rows]


def list_versions(process: ProcessRow) -> list[VersionRow]:
    """The published versions, newest first, those withdrawn left out; at most 500."""
    found = VersionRow.objects.filter(process=process, number__isnull=False, withdrawn_at=None)
    return list(found.select_related("changed_by").order_by("-number")[:500])


def find_published(process: ProcessRow) -> VersionRow | None:
    """The newest published version."""
    return next(iter(list_versions(process)), None)


def get_version(process: ProcessRow, number: int) -> VersionRow:
    """A published version by its number, also one that was withdrawn."""
    found = VersionRow.objects.filter(process=process, number=number).select_related("changed_by").first()
    if found is None:
        raise NotFoundError(number)
    return found


def find_draft(process: ProcessRow) -> VersionRow | None:
    """The draft, if somebody has begun one."""
    return VersionRow.objects.select_related("changed_by").filter(process=process, number=None).first()


def get_draft(process: ProcessRow) -> Draft:
    """What the editor shows: the draft, else the published version as nobody has changed it yet."""
    row, published = find_draft(process), find_published(process)
    if row is not None:
        return Draft(read_form(row.form), row.revision, row, published)
    form = form_of(process_of(published)) if published else ProcessForm(name=process.name)
    return Draft(form, 0, None, published)


def open_deals_by_version(process: ProcessRow) -> dict[int, int]:
    """Number of open deals per version (by its row)."""
    deals = Deal.objects.filter(workspace=process.workspace, is_live=True, outcome="", version__process=process)
    return dict(deals.values_list("version_id").annotate(deals=Count("id")))


def list_pipelines(access: Access) -> list[tuple[str, int]]:
    """Pipelines that claim any stage, with their deals, the largest first; at most 20. "" where the CRM names none."""
    deals = Deal.objects.filter(workspace=access.workspace, is_live=True).exclude(claimed="")
    return list(deals.values_list("pipeline").annotate(deals=Count("id")).order_by("-deals", "pipeline")[:20])


def list_stages_practised(access: Access, pipeline: str) -> list[str]:
    """The stages that the newest 400 deals of a pipeline were claimed in, in the order in which most went through."""
    deals = Deal.objects.filter(workspace=access.workspace, is_live=True, pipeline=pipeline).exclude(claimed="")
    newest = list(deals.order_by("-id").values_list("id", flat=True)[:LOOKED_AT])
    claims = Event.objects.filter(deal_id__in=newest, kind=EventKind.STAGE_CLAIMED.value, voiding=None)
    entered: dict[int, list[str]] = {}
    for deal, name in claims.order_by("deal_id", "happened_at", "id").values_list("deal_id", "name"):
        if name and name not in entered.setdefault(deal, []):
            entered[deal].append(name)
    names = sorted({name for path in entered.values() for name in path})[:MOST_STAGES]
    place = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for path in entered.values():
        for before, after in combinations([place[name] for name in path if name in place], 2):
            counts[before, after] += 1
    return list(stage_order(names, counts).stages)


def open_deals(process: ProcessRow) -> QuerySet[Deal]:
    """Every open deal of the workspace that a process belongs to."""
    return Deal.objects.filter(workspace=process.workspace, is_live=True, outcome="")


def kinds_of(process: ProcessRow, new: Process, values: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The (pipeline, record type) whose deals created from now on belong to `new`, once it is published."""
    others = [process_of(version) for version in list_published(process.workspace)]
    known = [*others, new]
    return tuple(
        sorted(
            (pipeline, kind)
            for pipeline, kind in values
            if any(
                choice.process == len(known) - 1 and choice.end == FAR_FUTURE
                for choice in choices_for(pipeline or None, kind or None, known)
            )
        )
    )


def outlook(process: ProcessRow, new: Process) -> Outlook:
    """Which open deals `new` would concern once published, and for each of their stages the new one suggested."""
    groups = list(
        open_deals(process).values_list("pipeline", "record_type", "version_id", "claimed").annotate(deals=Count("id"))
    )
    kinds = kinds_of(process, new, {(pipeline, kind) for pipeline, kind, *_ in groups})
    ours = [group for group in groups if (group[0], group[1]) in set(kinds)]
    versions = {row.pk: row for row in VersionRow.objects.filter(pk__in={group[2] for group in ours if group[2]})}
    counts: dict[str, int] = {}
    for *_, claimed, deals in ours:
        counts[folded(claimed)] = counts.get(folded(claimed), 0) + deals
    stages = _old_stages([process_of(versions[pk]) for pk in sorted(versions, reverse=True)], new, counts)
    known = {folded(label) for stage in stages for label in stage.labels}
    loose = {claimed for *_, claimed, _ in ours if claimed and folded(claimed) not in known}
    stages += [_loose_stage(name, new, counts) for name in sorted(loose)][:MOST_STAGES]
    return Outlook(
        pinned=sum(group[4] for group in ours if group[2] is not None),
        unpinned=sum(group[4] for group in ours if group[2] is None),
        stages=tuple(stages),
        kinds=kinds,
    )


def _old_stages(old: list[Process], new: Process, counts: dict[str, int]) -> list[OldStage]:
    """The stages of the versions that deals are set against, newest version first, each name once."""
    found: dict[str, OldStage] = {}
    for process in old:
        suggested = stage_mapping(process, new)
        for stage in process.stages:
            if folded(stage.name) in found:
                continue
            settled = _stage_called(new, stage.name)
            deals = sum(counts.get(label, 0) for label in {folded(label) for label in stage.labels})
            target = settled.name if settled else suggested[stage.name] or ""
            found[folded(stage.name)] = OldStage(stage.name, stage.labels, deals, target, settled is not None)
    return list(found.values())


def _loose_stage(name: str, new: Process, counts: dict[str, int]) -> OldStage:
    settled = _stage_called(new, name)
    return OldStage(name, (name,), counts[folded(name)], settled.name if settled else "", settled is not None)


def _stage_called(process: Process, name: str) -> Stage | None:
    wanted = folded(name)
    return next((stage for stage in process.stages if wanted in {folded(label) for label in stage.labels}), None)
