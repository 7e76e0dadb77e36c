"""End a finding in one of the four ways, take that back, and write down what was seen on the day to look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from headway.basics.errors import UserError
from headway.reviews.correction import How, Look, facts_of, field_faults
from headway.store.actions.audit import append_entry
from headway.store.actions.events import take_back
from headway.store.actions.exceptions import Predicted, allow_exception
from headway.store.actions.findings import ENDED, OPEN
from headway.store.actions.wordings import find_wording
from headway.store.models import (
    Correction,
    CorrectionLook,
    CorrectionVoiding,
    Deal,
    DealFinding,
    Event,
    FindingEnd,
    Person,
)

__all__ = ["Allowed", "Predicted", "correct_finding", "record_look", "take_back_correction"]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an exception needs beside its reason."""

    owner: str
    expires_on: date
    predicted: Predicted


@transaction.atomic
def correct_finding(
    *, finding: DealFinding, how: How, by: Person, at: datetime, note: str = "", look_again_on: date | None = None,
    event: Event | None = None, allowed: Allowed | None = None,
) -> Correction:  # fmt: skip
    """End it. `note`: what was agreed, what should change, why, or what was wrong; `event`: what set the data straight.

    UserError where something is missing, or somebody else has ended it meanwhile.
    """
    finding = DealFinding.objects.select_for_update().get(pk=finding.pk)
    deal = Deal.objects.select_related("workspace", "owner").get(pk=finding.deal_id)
    if finding.mark is None or finding.state != OPEN or deal.outcome:
        raise UserError("This finding is not open any more: look at what the deal says now.")
    today = at.astimezone(ZoneInfo(deal.workspace.zone)).date()
    for fault in field_faults(how, note, look_again_on, today, has_event=event is not None).values():
        raise UserError(fault)
    if event is not None and event.deal_id != deal.pk:
        raise UserError("That record is of another deal: choose one of this deal.")
    if how is How.EXCEPTION:
        if allowed is None:
            raise UserError("An exception needs somebody who answers for it, an end and a prediction.")
        event = allow_exception(
            deal=deal, rule=finding.rule, reason=note, owner=allowed.owner, expires_on=allowed.expires_on,
            predicted=allowed.predicted, by=by, at=at,
        )  # fmt: skip
    made = Correction.objects.create(
        workspace=deal.workspace, deal=deal, mark=finding.mark, rule=finding.rule, stage=finding.stage, how=how.value,
        note_id=find_wording(deal.workspace, note), look_again_on=look_again_on if how is How.COACHED else None,
        owner_id=find_wording(deal.workspace, deal.owner.name if deal.owner else None), event=event, by=by, at=at,
    )  # fmt: skip
    rows = DealFinding.objects.filter(deal=deal, mark=finding.mark, state=OPEN)
    rows.update(state=ENDED, left_at=at)
    append_entry(
        workspace=deal.workspace, by=by, at=at, verb="correct finding", target=f"deal {deal.key}",
        detail={"correction": made.key, "rule": made.rule, "how": made.how},
    )  # fmt: skip
    return made


@transaction.atomic
def take_back_correction(*, correction: Correction, by: Person, at: datetime) -> None:
    """Undo: the finding is open again, if it is still found. An exception is taken back with it. Twice: no change."""
    correction = Correction.objects.select_related("deal", "workspace", "event").get(pk=correction.pk)
    if CorrectionVoiding.objects.filter(correction=correction).exists():
        return
    CorrectionVoiding.objects.create(workspace=correction.workspace, correction=correction, by=by, at=at)
    others = Correction.objects.filter(deal=correction.deal, mark=correction.mark, voiding=None, at__gte=correction.at)
    if not others.exists() and not _has_ended_since(correction):
        rows = DealFinding.objects.filter(deal=correction.deal, mark=correction.mark, state=ENDED)
        rows.update(state=OPEN, left_at=None)
    append_entry(
        workspace=correction.workspace, by=by, at=at, verb="take back correction", target=f"deal {correction.deal.key}",
        detail={"correction": correction.key},
    )  # fmt: skip
    if correction.how == How.EXCEPTION.value and correction.event is not None:
        take_back(event=correction.event, by=by, at=at)


@transaction.atomic
def record_look(*, correction: Correction, look: Look, at: datetime) -> CorrectionLook:
    """Write down what was seen on the day to look again; a second time changes nothing."""
    made, new = CorrectionLook.objects.get_or_create(
        correction=correction,
        defaults={"workspace": correction.workspace, "changed": look.changed.value, "facts": facts_of(look), "at": at},
    )
    if new:
        append_entry(
            workspace=correction.workspace, by=None, at=at, verb="look again", target=f"deal {correction.deal.key}",
            detail={"correction": correction.key, "changed": look.changed.value},
        )  # fmt: skip
    return made


def _has_ended_since(correction: Correction) -> bool:
    ends = FindingEnd.objects.filter(deal=correction.deal, mark=correction.mark, at__gt=correction.at)
    return ends.exists()
