"""Trials: which there are, what became of the deals assigned to them, and what a deal's arm asks of its seller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet

from headway.deals.events import EventKind
from headway.process.definition import Step
from headway.store.models import BatchKept, Deal, Event, ProcessVersion, Workspace
from headway.store.models import Trial as TrialRow
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.analyses import find_newest
from headway.store.queries.clock import shown_at
from headway.store.queries.versions import list_published, process_of
from headway.trials.assignment import AS_USUAL, LEFT_OUT, read_event_name
from headway.trials.results import Assignment, Plan, horizon_from
from headway.trials.sentences import arm_sentence

__all__ = ["ArmShown", "Pace", "StepRow", "TrialRow"]

MOST_TRIALS = 200
MOST_DECIDED = 5_000  # of which the horizon is read
LATELY = timedelta(days=182)
# What an undone import brought counts no more, but on deals that somebody touched since.
KEPT = Q(batch__undone_at=None) | Q(Exists(BatchKept.objects.filter(batch=OuterRef("batch"), deal=OuterRef("deal"))))


class ArmShown(NamedTuple):
    """What a trial asks of a deal's seller: `arm` as in `headway.trials.assignment`; `words`: what to do, or not."""

    trial: str
    arm: str
    words: str

    @property
    def sentence(self) -> str:
        """In one plain sentence."""
        return arm_sentence(self.arm, self.words)


class StepRow(NamedTuple):
    """A step that may be put on trial, and what the newest analysis says of it (empty: nothing yet)."""

    process: int
    process_key: str
    process_name: str
    step: Step
    verdict: str
    runs: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a trial would go: deals added a month lately, and the share of decided ones that is won (None: none)."""

    deals_a_month: float
    won: float | None


def get_trial(access: Access, key: str) -> TrialRow:
    """A trial of the workspace."""
    found = TrialRow.objects.select_related("started_by", "ended_by", "process", "workspace")
    row = found.filter(workspace=access.workspace, key=key).first()
    if row is None:
        raise NotFoundError(key)
    return row


def list_trials(access: Access) -> list[TrialRow]:
    """Those that run first, then the ones that ended last; at most 200."""
    found = TrialRow.objects.select_related("started_by", "ended_by", "process").filter(workspace=access.workspace)
    rows = sorted(found.order_by("-pk")[:MOST_TRIALS], key=lambda row: row.ended_at or row.started_at, reverse=True)
    return sorted(rows, key=lambda row: row.ended_at is not None)


def plans_of(workspace: Workspace) -> dict[str, Plan]:
    """Trial's name -> what `headway.trials.results.trial_results` has to know of it. The newest of a name holds."""
    rows = TrialRow.objects.filter(workspace=workspace).order_by("pk")[:MOST_TRIALS]
    return {row.name: Plan(row.horizon_days, row.ended_at is not None) for row in rows}


def assignments_of(workspace: Workspace) -> dict[str, list[Assignment]]:
    """Trial's name -> the deals assigned to it, each once, in the order of assignment. One query."""
    columns = ("name", "deal", "happened_at", "deal__decided_at", "deal__outcome")
    rows = _events(workspace).filter(deal__is_live=True).order_by("happened_at", "id").values_list(*columns)
    found: dict[str, dict[int, Assignment]] = defaultdict(dict)
    for name, deal, assigned_at, decided_at, outcome in rows:
        trial, arm = read_event_name(name) or ("", "")
        if trial and deal not in found[trial]:
            found[trial][deal] = Assignment(arm, assigned_at, decided_at if outcome else None, outcome == "won")
    return {trial: list(deals.values()) for trial, deals in sorted(found.items())}


def looked_at(workspace: Workspace, rows: Iterable[Assignment], now: datetime) -> datetime:
    """The moment a trial is asked about: the one shown, but none before a deal of it was assigned or decided."""
    moments = [moment for row in rows for moment in (row.assigned_at, row.decided_at) if moment]
    return max([shown_at(workspace, now), *moments])


def horizon_of(workspace: Workspace) -> int:
    """Days for which deals of a trial are followed: by then nineteen in twenty of the past ones were decided."""
    decided = Deal.objects.filter(workspace=workspace, is_live=True, decided_at__isnull=False, opened_at__isnull=False)
    spans = decided.order_by("-decided_at").values_list("opened_at", "decided_at")[:MOST_DECIDED]
    days = [(end - start).total_seconds() / 86_400 for start, end in spans if start and end and end > start]
    return horizon_from(len(days), float(np.quantile(days, 0.95)) if days else None)


def pace_of(workspace: Workspace, now: datetime) -> Pace:
    """From the half year before the moment shown, and from all decided deals."""
    here = Deal.objects.filter(workspace=workspace, is_live=True)
    at = shown_at(workspace, now)
    added = here.filter(opened_at__gt=at - LATELY, opened_at__lte=at).count()
    decided = here.exclude(outcome="").count()
    won = here.filter(outcome="won").count()
    return Pace(added / (LATELY.days / 30.44), won / decided if decided else None)


def list_steps(access: Access) -> list[StepRow]:
    """The seller's own steps of every published process, as its newest version asks for them."""
    newest: dict[int, ProcessVersion] = {version.process_id: version for version in list_published(access.workspace)}
    running = set(TrialRow.objects.filter(workspace=access.workspace, ended_at=None).values_list("step", flat=True))
    analysis = find_newest(access.workspace)
    verdicts: Mapping[str, str] = analysis.summary.get("verdicts", {}) if analysis else {}
    return [
        StepRow(pk, version.process.key, version.process.name, step, verdicts.get(step.id, ""), step.id in running)
        for pk, version in newest.items()
        for _, step in process_of(version).steps
        if not step.at_buyers_request
    ]


def arms_of(deals: Iterable[Deal]) -> dict[int, tuple[ArmShown, ...]]:
    """Open deal's id -> what running trials ask of its seller. One query, and two more where there are any trials."""
    open_deals = {deal.pk: deal for deal in deals}
    if not open_deals:
        return {}
    workspace = next(iter(open_deals.values())).workspace
    found = Event.objects.filter(KEPT, deal__in=open_deals, kind=EventKind.TRIAL_ASSIGNED.value, voiding=None)
    rows = list(found.order_by("happened_at", "id").values_list("deal", "name"))
    if not rows:
        return {}
    trials = {row.name: row for row in TrialRow.objects.filter(workspace=workspace).order_by("pk")}
    labels = _labels(open_deals.values())
    shown: dict[int, dict[str, ArmShown]] = defaultdict(dict)
    for deal, name in rows:
        trial, arm = read_event_name(name or "") or ("", "")
        row = trials.get(trial)
        if not trial or trial in shown[deal] or (row and row.ended_at):
            continue
        words = (row.label if row else labels.get((open_deals[deal].version_id, trial), "")) or trial
        shown[deal][trial] = ArmShown(trial, arm, row.other if row and arm not in (AS_USUAL, LEFT_OUT) else words)
    return {deal: tuple(arms.values()) for deal, arms in shown.items()}


def _labels(deals: Iterable[Deal]) -> dict[tuple[int | None, str], str]:
    """(version, step's id) -> the step's text, for trials that came with an import."""
    wanted = {deal.version_id for deal in deals if deal.version_id}
    versions = ProcessVersion.objects.filter(pk__in=wanted)
    return {(row.pk, step.id): step.seller for row in versions for _, step in process_of(row).steps}


def _events(workspace: Workspace) -> QuerySet[Event]:
    """Assignments that count. The name is asked for so that the index of trials is taken."""
    found = Event.objects.filter(KEPT, workspace=workspace, kind=EventKind.TRIAL_ASSIGNED.value, name__gt="")
    return found.filter(voiding=None)
