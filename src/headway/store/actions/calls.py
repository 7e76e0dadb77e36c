"""Make a call: say what a period will bring, before the number is shown; and take one back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from headway.basics.errors import UserError
from headway.forecast.period import key_of, parsed
from headway.store.actions.audit import append_entry
from headway.store.models import Call, CallVoiding, Membership, Owner, Person, Workspace
from headway.store.queries.access import Access, NotFoundError
from headway.store.queries.calls import OWNER, TEAM, Scope, need_scope
from headway.store.queries.clock import shown_at
from headway.store.queries.forecasts import find_said

TOO_MUCH = Decimal("1e13")  # SQLite keeps fifteen digits
CENT = Decimal("0.01")


@transaction.atomic
def record_call(
    *, workspace: Workspace, period: str, scope: Scope, commit: Decimal, best_case: Decimal | None, by: Person,
    at: datetime,
) -> Call:  # fmt: skip
    """What `by` says that `period` brings; what the newest forecast says of the same deals is kept beside it.

    `period`: as `headway.forecast.period.parsed` reads it. A call made before stands beside the new one.
    NotAllowedError where the role may not make it for these deals; UserError for amounts that cannot be, and a period
    that is over.
    """
    need_scope(_access(workspace, by), scope)
    shown = shown_at(workspace, at)
    wanted = parsed(period)
    if shown.date() > wanted.ends_on:
        raise UserError(f"{wanted.name} is over: make the call for a period that still runs.")
    period = key_of(wanted)
    commit = _amount(commit, "Commit")
    best_case = None if best_case is None else _amount(best_case, "Best case")
    if best_case is not None and best_case < commit:
        raise UserError("Best case is at least what you commit to: write it higher, or leave it empty.")
    said = find_said(workspace, period, scope.kind, scope.name)
    call = Call.objects.create(
        workspace=workspace, period=period, kind=scope.kind, team=scope.name if scope.kind == TEAM else "",
        owner=Owner.objects.get(workspace=workspace, name=scope.name) if scope.kind == OWNER else None,
        commit=commit, best_case=best_case, by=by, happened_at=shown, recorded_at=at,
        low=said.low if said else None, middle=said.middle if said else None, high=said.high if said else None,
        forecast_at=said.as_of if said else None,
    )  # fmt: skip
    _tell(call, by, at, "make call")
    return call


@transaction.atomic
def take_back_call(*, call: Call, by: Person, at: datetime) -> None:
    """Undo: the call counts no more; the history keeps it. Taking back twice changes nothing."""
    if call.by_id != by.pk:
        raise UserError("Somebody else made this call: only they take it back.")
    if not CallVoiding.objects.filter(call=call).exists():
        CallVoiding.objects.create(workspace=call.workspace, call=call, at=at, by=by)
        _tell(call, by, at, "take back call")


def _access(workspace: Workspace, person: Person) -> Access:
    found = Membership.objects.select_related("owner").filter(workspace=workspace, person=person, ended_at=None).first()
    if found is None:
        raise NotFoundError(workspace.key)
    return Access(person, workspace, found)


def _amount(amount: Decimal, what: str) -> Decimal:
    if not amount.is_finite() or not 0 <= amount < TOO_MUCH:
        raise UserError(f"{what} is an amount of zero or more, below ten trillion: write it in figures.")
    return abs(amount).quantize(CENT)  # no minus zero


def _tell(call: Call, by: Person, at: datetime, verb: str) -> None:
    detail = {"period": call.period, "scope": call.kind, "owner": call.owner_id}
    append_entry(workspace=call.workspace, by=by, at=at, verb=verb, target=f"call {call.key}", detail=detail)
