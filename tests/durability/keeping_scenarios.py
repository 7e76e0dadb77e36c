"""One call of every action on a workspace as a whole, as `scenarios` has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from headway.deals.events import Outcome
from headway.store.actions import contacts, deals, erasures, evidence, exports, hand_overs, looking, retention
from headway.store.export_writing import Written
from headway.store.models import Contact, HandOver, Job, Membership, WorkspaceExport
from headway.store.own_words import whom_of_contact, whom_of_member
from tests.cast import NOW

LATER = NOW + timedelta(days=1000)
WRITTEN = Written(size=5, sha256="0" * 64)


def asked(g: Any) -> WorkspaceExport:
    """An export that was asked for."""
    return exports.ask_for_export(workspace=g.workspace, **g.who)


def written(g: Any) -> WorkspaceExport:
    """One whose file is there."""
    export = asked(g)
    exports.tell_written(export=export, written=WRITTEN, at=NOW)
    return export


def known(g: Any) -> None:
    """A contact who said something, with a file; Jana is on the deal."""
    contacts.add_contact(**g.on_deal(), name="Jana Novak", email="jana@example.com")
    evidence.record_by_hand(
        **g.on_deal(), milestone="problem_stated", happened_at=NOW, act="wrote", contact="Jana Novak",
        quote="The budget is through", file=evidence.HandedFile("a.txt", b"text", "text/plain"),
    )  # fmt: skip


def decided(g: Any) -> None:
    """The same on a deal that is decided, in a workspace that keeps words for half a year."""
    known(g)
    deals.decide_deal(**g.on_deal(), outcome=Outcome.LOST, reason="Too dear for them")
    retention.set_keeping(workspace=g.workspace, months=6, **g.who)


def offered(g: Any) -> HandOver:
    """An offer to Olga."""
    return hand_overs.offer_workspace(workspace=g.workspace, to=g.cast.olga, leaves=True, **g.who)


def accepted(g: Any) -> None:
    """One that she accepted."""
    hand_overs.accept_workspace(offer=offered(g), by=g.cast.olga, at=NOW)


def look(g: Any) -> Job:
    """Look for Jana."""
    return looking.ask_to_look(workspace=g.workspace, kind="contact", key=g.last(Contact).key, also=("Jana",), **g.who)


def looked(g: Any) -> None:
    """Somebody looked for her."""
    known(g)
    look(g)


def bobs(g: Any) -> Membership:
    """Bob's membership."""
    return Membership.objects.select_related("person", "owner").get(person=g.cast.bob)


def nothing(g: Any) -> None:
    """The ground as it is."""


KEEPING: dict[str, tuple[Any, Any]] = {
    "exports.ask_for_export": (nothing, asked),
    "exports.tell_written": (
        asked, lambda g: exports.tell_written(export=g.last(WorkspaceExport), written=WRITTEN, at=NOW),
    ),
    "exports.record_download": (
        written, lambda g: exports.record_download(export=g.last(WorkspaceExport), **g.who),
    ),
    "exports.drop_export": (written, lambda g: exports.drop_export(export=g.last(WorkspaceExport), **g.who)),
    "looking.ask_to_look": (known, look),
    "looking.tell_found": (
        looked,
        lambda g: looking.tell_found(
            workspace=g.workspace, whom=whom_of_contact(g.last(Contact)), job=g.last(Job).key
        ),
    ),
    "looking.ask_to_erase": (looked, lambda g: looking.ask_to_erase(look=g.last(Job), kept=(), **g.who)),
    "erasures.erase_person": (
        known,
        lambda g: erasures.erase_person(workspace=g.workspace, whom=whom_of_contact(g.last(Contact)), **g.who),
    ),
    "erasures.erase_person member": (
        known, lambda g: erasures.erase_person(workspace=g.workspace, whom=whom_of_member(bobs(g)), **g.who),
    ),
    "hand_overs.offer_workspace": (nothing, offered),
    "hand_overs.accept_workspace": (
        offered, lambda g: hand_overs.accept_workspace(offer=g.last(HandOver), by=g.cast.olga, at=NOW),
    ),
    "hand_overs.end_offer": (offered, lambda g: hand_overs.end_offer(offer=g.last(HandOver), **g.who)),
    "hand_overs.take_back_hand_over": (
        accepted, lambda g: hand_overs.take_back_hand_over(offer=g.last(HandOver), by=g.cast.olga, at=NOW),
    ),
    "retention.set_keeping": (
        nothing, lambda g: retention.set_keeping(workspace=g.workspace, months=24, **g.who),
    ),
    "retention.erase_old_words": (
        decided, lambda g: retention.erase_old_words(workspace=g.workspace, at=LATER),
    ),
}  # fmt: skip
