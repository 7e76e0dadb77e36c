"""Hand a workspace to somebody else: offered by its leader, accepted by a member, taken back within a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from headway.basics.errors import UserError
from headway.store.actions.audit import append_entry
from headway.store.models import HandOver, Membership, Person, Workspace
from headway.store.models.people import Role

TAKEN_BACK_WITHIN = timedelta(days=7)
OVER = "This offer is over: it was accepted, declined or withdrawn."


@transaction.atomic
def offer_workspace(*, workspace: Workspace, to: Person, leaves: bool, by: Person, at: datetime) -> HandOver:
    """Offer to hand over. One who `leaves` is no member any more once it is accepted, else they run its operations.

    UserError where only a leader may, the other is no member who can log in, or an offer waits already.
    """
    roles = _roles(workspace)
    if roles.get(by.pk) is None or roles[by.pk].role != Role.LEADER:
        raise UserError("Only who leads a workspace can hand it over: ask its leader.")
    if to.pk == by.pk or to.pk not in roles or not to.is_active:
        raise UserError("A workspace is handed to another member who can log in: invite them first.")
    if _waiting(workspace) is not None:
        raise UserError("An offer waits already: withdraw it first.")
    made = HandOver.objects.create(workspace=workspace, by=by, to=to, leaves=leaves, created_at=at)
    _tell(made, by, at, "offer workspace")
    return made


@transaction.atomic
def accept_workspace(*, offer: HandOver, by: Person, at: datetime) -> HandOver:
    """The new leader leads, and the old one steps back, at once. UserError where it is no longer theirs to give."""
    roles = _roles(offer.workspace)
    held = _open(offer)
    if held.to_id != by.pk:
        raise UserError("This was offered to somebody else.")
    giver, taker = roles.get(held.by_id), roles.get(by.pk)
    if giver is None or giver.role != Role.LEADER or taker is None:
        raise UserError("Who offered it does not lead this workspace any more: ask who does.")
    held.was = {row.person.key: row.role for row in (giver, taker)}
    held.accepted_at = at
    held.save(update_fields=["was", "accepted_at"])
    Membership.objects.filter(pk=taker.pk).update(role=Role.LEADER)
    Membership.objects.filter(pk=giver.pk).update(
        role=Role.OPERATIONS, **({"ended_at": at} if held.leaves else {})
    )  # fmt: skip
    _tell(held, by, at, "accept workspace")
    return held


@transaction.atomic
def end_offer(*, offer: HandOver, by: Person, at: datetime) -> None:
    """Declined by who was to get it, or withdrawn by who offered it. Ending it twice changes nothing."""
    held = HandOver.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if by.pk not in (held.by_id, held.to_id):
        raise UserError("This was offered by somebody else, to somebody else.")
    if held.accepted_at is not None:
        raise UserError(OVER)
    if held.ended_at is None:
        held.ended_at = at
        held.save(update_fields=["ended_at"])
        _tell(held, by, at, "decline workspace" if by.pk == held.to_id else "withdraw offer")


@transaction.atomic
def take_back_hand_over(*, offer: HandOver, by: Person, at: datetime) -> None:
    """The new leader gives it back, within a week: everybody is again what they were.

    UserError for anybody else, later, or where who gave it cannot come back.
    """
    roles = _roles(offer.workspace)
    held = HandOver.objects.select_for_update(of=("self",)).select_related("by", "to").get(pk=offer.pk)
    taker = roles.get(by.pk)
    if held.accepted_at is None or held.undone_at is not None or held.to_id != by.pk:
        raise UserError("Only who accepted it can give it back, once.")
    if at - held.accepted_at > TAKEN_BACK_WITHIN:
        raise UserError("A week has gone by: hand it over anew.")
    if taker is None or taker.role != Role.LEADER or not held.by.is_active:
        raise UserError("It can no longer be given back: make somebody else a leader.")
    giver = roles.get(held.by_id) or Membership.objects.filter(
        workspace=offer.workspace, person=held.by
    ).order_by("-ended_at").first()  # fmt: skip
    if giver is None:
        raise UserError("Who gave it is gone: make somebody else a leader.")
    Membership.objects.filter(pk=giver.pk).update(role=Role.LEADER, ended_at=None)
    Membership.objects.filter(pk=taker.pk).update(role=held.was.get(taker.person.key, Role.VIEWER))
    held.undone_at = at
    held.save(update_fields=["undone_at"])
    _tell(held, by, at, "give workspace back")


def _roles(workspace: Workspace) -> dict[int, Membership]:
    """Every membership by person, locked in the order in which changes of roles lock them."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("person")
    return {row.person_id: row for row in rows.filter(workspace=workspace, ended_at=None).order_by("pk")}


def _waiting(workspace: Workspace) -> HandOver | None:
    return HandOver.objects.filter(workspace=workspace, accepted_at=None, ended_at=None).first()


def _open(offer: HandOver) -> HandOver:
    held = HandOver.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if held.accepted_at is not None or held.ended_at is not None:
        raise UserError(OVER)
    return held


def _tell(offer: HandOver, by: Person, at: datetime, verb: str) -> None:
    other = offer.by if by.pk == offer.to_id else offer.to
    append_entry(
        workspace=offer.workspace, by=by, at=at, verb=verb, target=f"person {other.key}",
        detail={"offer": offer.key, "leaves": offer.leaves},
    )  # fmt: skip
