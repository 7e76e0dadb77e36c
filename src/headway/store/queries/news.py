"""What happened lately that somebody should hear of: agreements on their deals, looks again, gates that stepped down.

Each is told twice at most, as every reminder is, and not at all once it is two weeks old.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from headway.conformance.rules import RULES
from headway.reviews.correction import How, look_from, look_words
from headway.reviews.gates import DOES, Rung
from headway.reviews.minutes import day_words
from headway.reviews.reminders import Kind, Matter
from headway.store.models import Correction, CorrectionLook, GateChange, Membership, Workspace
from headway.store.models.people import Role

LATELY = timedelta(days=14)
MOST = 10
LEADING = (Role.LEADER, Role.OPERATIONS)
TITLES = {rule.name: rule.title for rule in RULES}


def news_of(member: Membership, at: datetime) -> Iterator[Matter]:
    """The newest of each kind first. At most three queries."""
    yield from _agreed(member, at)
    yield from _looked(member, at)
    if member.role in LEADING:
        yield from _stepped_down(member, at)


def find_news(workspace: Workspace, kind: str, key: str) -> tuple[str, bool]:
    """(title, whether it is over) of what a mark names; an empty title where it is gone. One query."""
    title, is_over = "", False
    if kind == Kind.GATE.value and key.isdecimal():
        move = GateChange.objects.select_related("gate").filter(workspace=workspace, pk=int(key), by=None).first()
        if move is not None:
            newer = GateChange.objects.filter(gate=move.gate_id, pk__gt=move.pk)
            title, is_over = _gate_title(move), move.gate.ended_at is not None or newer.exists()
    elif kind in (Kind.COACHED.value, Kind.LOOK.value):
        found = Correction.objects.select_related("note", "look", "voiding").filter(workspace=workspace, key=key)
        if (correction := found.first()) is not None:
            looked_at = kind == Kind.COACHED.value and hasattr(correction, "look")
            title, is_over = _title(correction), hasattr(correction, "voiding") or looked_at
    return title, is_over


def _agreed(member: Membership, at: datetime) -> Iterator[Matter]:
    """What somebody else put down as agreed about a deal of theirs, until it is looked at again."""
    if member.owner_id is None:
        return
    rows = Correction.objects.select_related("deal", "note", "by").filter(
        workspace=member.workspace_id, how=How.COACHED.value, deal__owner=member.owner_id, deal__is_live=True,
        voiding=None, look=None, at__gt=at - LATELY,
    )  # fmt: skip
    for row in rows.exclude(by=member.person_id).order_by("-at", "-pk")[:MOST]:
        again = f" · look again {day_words(row.look_again_on)}" if row.look_again_on else ""
        yield Matter(
            Kind.COACHED, f"{Kind.COACHED} {row.key}", _title(row),
            f"{row.deal.name}: {TITLES.get(row.rule, row.rule)} · {row.by.name}{again}",
            _address(member, "findings/looks/"),
        )  # fmt: skip


def _looked(member: Membership, at: datetime) -> Iterator[Matter]:
    """Whether the next deals changed: for who put the agreement down, and for whose deals they are."""
    mine = Q(correction__by=member.person_id)
    if member.owner_id is not None:
        mine |= Q(correction__deal__owner=member.owner_id)
    rows = CorrectionLook.objects.select_related("correction__note").filter(
        mine, workspace=member.workspace_id, at__gt=at - LATELY, correction__voiding=None
    )
    for row in rows.order_by("-at", "-pk")[:MOST]:
        yield Matter(
            Kind.LOOK, f"{Kind.LOOK} {row.correction.key}", _title(row.correction), look_words(look_from(row.facts)),
            _address(member, "findings/looks/"),
        )  # fmt: skip


def _stepped_down(member: Membership, at: datetime) -> Iterator[Matter]:
    """Gates that stepped down by themselves and stand where they stepped to."""
    rows = GateChange.objects.select_related("gate").filter(
        workspace=member.workspace_id, by=None, at__gt=at - LATELY, gate__ended_at=None
    )
    newest = {row.gate_id: row for row in rows.order_by("at", "pk")}
    moved = GateChange.objects.filter(gate__in=newest, by__isnull=False, at__gt=at - LATELY) if newest else ()
    since = {row.gate_id: row.pk for row in moved}
    for row in sorted(newest.values(), key=lambda one: -one.pk)[:MOST]:
        if since.get(row.gate_id, 0) < row.pk:
            yield Matter(
                Kind.GATE, f"{Kind.GATE} {row.pk}", _gate_title(row), row.why,
                _address(member, f"gates/{row.gate.key}/"),
            )  # fmt: skip


def _title(row: Correction) -> str:
    return (row.note.text if row.note else "") or "An agreement whose words were erased"


def _gate_title(row: GateChange) -> str:
    return f"The gate at {row.gate.stage} stepped down: it {DOES[Rung(row.rung)]} now"


def _address(member: Membership, rest: str) -> str:
    return f"{settings.ADDRESS}/w/{member.workspace.key}/{rest}"
