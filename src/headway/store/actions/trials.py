"""Begin a trial of a step, end it, and assign new deals to its arms in the transaction that adds them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from headway.basics.errors import UserError
from headway.basics.periods import naive_utc
from headway.deals.event_log import EventLog, sql_text
from headway.deals.events import EventKind
from headway.process.definition import Step
from headway.store.actions.audit import append_entry
from headway.store.actions.wordings import find_wording
from headway.store.models import Deal, Event, ImportBatch, Person, Process, ProcessVersion, Trial, Workspace
from headway.store.queries.trials import KEPT, horizon_of
from headway.store.queries.versions import list_published, process_of
from headway.trials.assignment import AS_USUAL, LEFT_OUT, OTHER_WORDS, arm_of, event_name

SEED_BITS = 62
AT_ONCE = 500


@transaction.atomic
def start_trial(
    *, workspace: Workspace, process: Process, step: str, by: Person, at: datetime, other: str = ""
) -> Trial:
    """From now on half of the new deals of `process` leave the step out, or are asked in the words `other`.

    UserError where the published process has no such step, the buyer asks for it, or a trial of it runs already.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    found = find_step(workspace, process, step)
    if found is None:
        raise UserError("The published process has no such step: choose one of those it has now.")
    if found.at_buyers_request:
        raise UserError("The buyer asks for this step, so it cannot be left to chance: choose one of the seller's own.")
    if Trial.objects.filter(workspace=workspace, step=step, ended_at=None).exists():
        raise UserError("A trial of this step runs already: end that one first.")
    other = " ".join(other.split())
    if other and other.casefold() == " ".join(found.seller.split()).casefold():
        raise UserError("These are the words it has already: write the other ones.")
    trial = Trial.objects.create(
        workspace=workspace, process=process, step=step, name=f"{step} in other words" if other else step,
        label=found.seller, other=other, arms=[AS_USUAL, OTHER_WORDS if other else LEFT_OUT],
        seed=secrets.randbits(SEED_BITS), horizon_days=horizon_of(workspace), started_at=at, started_by=by,
    )  # fmt: skip
    _tell(trial, by, at, "start trial", {"step": step, "horizon_days": trial.horizon_days})
    return trial


@transaction.atomic
def drop_trial(*, trial: Trial, by: Person, at: datetime) -> None:
    """Undo of beginning, as long as no deal was assigned; the trial is gone, only the audit knows of it."""
    trial = _held(trial)
    if _assigned(trial).exists():
        raise UserError("Deals were assigned to this trial meanwhile: end it with a reason instead.")
    _tell(trial, by, at, "drop trial", {"step": trial.step})
    trial.delete()


@transaction.atomic
def end_trial(*, trial: Trial, reason: str, by: Person, at: datetime) -> Trial:
    """No further deal is assigned. Those assigned keep their arm and go on to count. Ending twice changes nothing."""
    reason = " ".join(reason.split())
    if not reason:
        raise UserError("Write why it ends: whoever reads the result must know.")
    trial = _held(trial)
    if trial.ended_at is None:
        trial.ended_at, trial.ended_by, trial.reason = at, by, reason
        trial.save(update_fields=["ended_at", "ended_by", "reason"])
        _tell(trial, by, at, "end trial", {"step": trial.step})
    return trial


@transaction.atomic
def resume_trial(*, trial: Trial, by: Person, at: datetime) -> Trial:
    """Undo of an end. Deals added meanwhile are in no arm. UserError where another trial of the step began."""
    Workspace.objects.select_for_update(no_key=True).get(pk=trial.workspace_id)
    trial = _held(trial)
    if Trial.objects.filter(workspace=trial.workspace, step=trial.step, ended_at=None).exclude(pk=trial.pk).exists():
        raise UserError("Another trial of this step began meanwhile: end that one first.")
    if trial.ended_at is not None:
        trial.ended_at = trial.ended_by = None
        trial.reason = ""
        trial.save(update_fields=["ended_at", "ended_by", "reason"])
        _tell(trial, by, at, "resume trial", {"step": trial.step})
    return trial


def find_step(workspace: Workspace, process: Process, step: str) -> Step | None:
    """The step as the newest published version of this process asks for it; None where it has none by that id."""
    versions = [version for version in list_published(workspace) if version.process_id == process.pk]
    steps = process_of(versions[-1]).steps if versions else ()
    return next((one for _, one in steps if one.id == step), None)


def assign_deal(*, deal: Deal, owner: str, by: Person | None, at: datetime) -> None:
    """Put a new deal into an arm of every running trial of its process. Inside the transaction that adds it."""
    if deal.version_id is not None:
        Event.objects.bulk_create(Assigning(deal.workspace, by, at).events(deal, _running(deal.workspace), owner))


def assign_imported(*, batch: ImportBatch, log: EventLog, by: Person, at: datetime) -> None:
    """The same for the new deals of an import: those created since a trial began, and not decided when they came.

    Inside the transaction of the import, from its plan in `log`. A deal that the files put into a trial keeps that one.
    """
    trials = _running(batch.workspace)
    if not trials:
        return
    since = min(trial.started_at for trial in trials)
    rows = log.rows(sql_text("headway.store", "import_assignable"), {"since": naive_utc(since)})
    assigning = Assigning(batch.workspace, by, at, batch)
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        deals = Deal.objects.select_related("version").in_bulk([row["id"] for row in part])
        made = [
            event
            for row in part
            for event in assigning.events(
                deals[row["id"]],
                [trial for trial in trials if naive_utc(trial.started_at) < row["created_at"]],
                row["owner"] or "",
            )
        ]
        Event.objects.bulk_create(made)


class Assigning:
    """Assigns one deal after the other; asks the database once per trial and owner."""

    def __init__(self, workspace: Workspace, by: Person | None, at: datetime, batch: ImportBatch | None = None) -> None:
        self.workspace, self.by, self.at, self.batch = workspace, by, at, batch
        self._groups: dict[str, int | None] = {}
        self._earlier: dict[tuple[int, int | None], int] = {}

    def events(self, deal: Deal, trials: Iterable[Trial], owner: str) -> list[Event]:
        """What is to be written for this deal, one event for each trial that its process is in."""
        version, owner, made = deal.version, owner.strip(), []
        for trial in trials:
            if version is None or version.process_id != trial.process_id or not _asks(version, trial):
                continue
            if owner not in self._groups:
                self._groups[owner] = find_wording(self.workspace, owner)
            group = self._groups[owner]
            arm = trial.arms[arm_of(trial.seed, owner, self._place(trial, group))]
            made.append(
                Event(
                    workspace_id=deal.workspace_id, deal=deal, kind=EventKind.TRIAL_ASSIGNED.value,
                    name=event_name(trial.name, arm), happened_at=self.at, recorded_at=self.at, actor_id=group,
                    by=self.by, batch=self.batch,
                )
            )  # fmt: skip
        return made

    def _place(self, trial: Trial, group: int | None) -> int:
        """How many deals of this owner came before. One taken back gives its place free: who adds it again gets the
        same arm, and cannot choose."""
        key = trial.pk, group
        if key not in self._earlier:
            self._earlier[key] = _assigned(trial).filter(KEPT, actor=group, voiding=None).count()
        self._earlier[key] += 1
        return self._earlier[key] - 1


def _running(workspace: Workspace) -> list[Trial]:
    """Held until the transaction ends, so that two deals added at once do not take one place."""
    return list(Trial.objects.select_for_update().filter(workspace=workspace, ended_at=None).order_by("pk"))


def _asks(version: ProcessVersion, trial: Trial) -> bool:
    """Whether the deal's own version of the process still has the step."""
    return any(step.id == trial.step for _, step in process_of(version).steps)


def _assigned(trial: Trial) -> QuerySet[Event]:
    names = [event_name(trial.name, arm) for arm in trial.arms]
    found = Event.objects.filter(workspace=trial.workspace_id, kind=EventKind.TRIAL_ASSIGNED.value, name__in=names)
    return found.filter(recorded_at__gte=trial.started_at)


def _held(trial: Trial) -> Trial:
    return Trial.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=trial.pk)


def _tell(trial: Trial, by: Person, at: datetime, verb: str, detail: dict[str, object]) -> None:
    append_entry(workspace=trial.workspace, by=by, at=at, verb=verb, target=f"trial {trial.key}", detail=detail)
