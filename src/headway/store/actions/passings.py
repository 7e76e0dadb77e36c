"""Record what a claim met: one row per gate, in the transaction of the claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from headway.store.actions.wordings import find_wording
from headway.store.gating import REFUSED, GateError, Met
from headway.store.models import Deal, Event, GatePassing, Person


def record_passings(
    met: Sequence[Met], *, deal: Deal, event: Event | None, path: str, reason: str, by: Person | None, at: datetime
) -> None:
    """Of a claim that passed: every gate. Of one that did not: the gates that held it back. Inside an action."""
    if not met:
        return
    given = find_wording(deal.workspace, reason)
    ended = [(one, one.ended(reason=given is not None)) for one in met]
    GatePassing.objects.bulk_create(
        GatePassing(
            workspace=deal.workspace, gate=one.gate, deal=deal, event=event, rung=one.rung.value, path=path, ended=how,
            missing=[id for id, _ in one.missing], reason_id=given if how == "reasoned" else None, by=by, at=at,
        )
        for one, how in ended
        if event is not None or how in REFUSED
    )  # fmt: skip


@transaction.atomic
def record_refusal(*, refused: GateError, deal: Deal, path: str, by: Person, at: datetime) -> None:
    """The same of a claim that took everything around it back with it: what met which gate is kept even so."""
    record_passings(refused.met, deal=deal, event=None, path=path, reason="", by=by, at=at)
