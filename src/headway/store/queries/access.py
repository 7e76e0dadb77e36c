"""The door: who may reach what. Every object of a workspace is got through here or from what was got here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from headway.basics.errors import UserError
from headway.store.guards import enter
from headway.store.models import (
    AgendaItem,
    Baseline,
    Commitment,
    Contact,
    Correction,
    Deal,
    Gate,
    ImportBatch,
    Job,
    Membership,
    Person,
    Placing,
    PlacingDeal,
    Process,
    Review,
    Rhythm,
    Workspace,
    WorkspaceExport,
)
from headway.store.models.people import Role

Found = TypeVar("Found", bound=Model)


class NotFoundError(Exception):
    """There is no such thing, or it is not yours to see: told alike."""


class NotAllowedError(UserError):
    """You may see it, and your role may not do this."""


# verb -> roles. What is not named here, every member may do.
MAY = {
    "record": {Role.LEADER, Role.SELLER, Role.OPERATIONS},  # evidence, deals, contacts, claims, outcomes
    "import": {Role.LEADER, Role.OPERATIONS},
    "process": {Role.LEADER, Role.OPERATIONS},
    "people": {Role.LEADER, Role.OPERATIONS},
    "audit": {Role.LEADER, Role.OPERATIONS},
    "workspace": {Role.LEADER, Role.OPERATIONS},
    "trial": {Role.LEADER, Role.OPERATIONS},
    "rhythm": {Role.LEADER, Role.OPERATIONS},  # which reviews are held, when, with whom; the outbox
    "correct": {Role.LEADER, Role.SELLER, Role.OPERATIONS},  # say what a finding led to; sellers of their own deals
    "gate": {Role.LEADER, Role.OPERATIONS},
    "placing": {Role.LEADER, Role.OPERATIONS},  # begin a placing; who is asked places
    "team": {Role.LEADER, Role.OPERATIONS},  # figures about one person who is somebody else
    "keep": {Role.LEADER, Role.OPERATIONS},  # export, erase, retention
    "review": {Role.LEADER, Role.SELLER, Role.OPERATIONS},  # take part: answer, decide, promise
}
ROLE_NAMES = {
    "import": "import",
    "process": "change the process",
    "people": "invite people",
    "audit": "read the audit",
    "trial": "begin or end a trial",
    "rhythm": "change the rhythm",
    "correct": "correct findings",
    "gate": "change a gate",
    "placing": "begin a placing",
    "team": "look at another person’s figures",
    "keep": "export or erase data",
    "review": "take part in reviews",
}


@dataclass(frozen=True, slots=True)
class Access:
    """A person inside a workspace. Everything below a workspace is asked for with one of these."""

    person: Person
    workspace: Workspace
    membership: Membership

    @property
    def role(self) -> str:
        """leader, seller, operations or viewer."""
        return self.membership.role

    def may(self, verb: str) -> bool:
        """Whether this role may do `verb` (a key of `MAY`)."""
        return self.role in MAY[verb]

    def need(self, verb: str) -> None:
        """NotAllowedError unless the role may."""
        if not self.may(verb):
            roles = " or ".join(sorted(MAY[verb] - {Role.SELLER} or MAY[verb]))
            raise NotAllowedError(
                f"As {self.role} you may not {ROLE_NAMES.get(verb, 'change this')}: ask somebody who is {roles}."
            )

    def owns(self, deal: Deal) -> bool:
        """Whether the deal is this person's."""
        return self.membership.owner_id is not None and deal.owner_id == self.membership.owner_id


def get_access(person: Person, workspace_key: str) -> Access:
    """Enter a workspace. NotFoundError where it does not exist or the person is no member."""
    membership = (
        Membership.objects.select_related("workspace")  # no owner: outside the workspace its row is hidden
        .filter(
            workspace__key=workspace_key, workspace__removed_at=None, person=person, ended_at=None,
            person__is_active=True,
        )
        .first()
    )  # fmt: skip
    if membership is None:
        raise NotFoundError(workspace_key)
    enter(membership.workspace_id)
    return Access(person, membership.workspace, membership)


def list_memberships(person: Person) -> list[Membership]:
    """The workspaces of a person, the last visited first; at most 200."""
    found = Membership.objects.select_related("workspace").filter(
        person=person, ended_at=None, workspace__removed_at=None
    )
    return list(found.order_by("-last_visit_at", "workspace__name")[:200])


def get_deal(access: Access, key: str) -> Deal:
    """A live deal of the workspace."""
    deals = Deal.objects.select_related("owner", "version__process", "workspace")
    return _get(deals.filter(workspace=access.workspace, is_live=True), key=key)


def get_contact(access: Access, key: str) -> Contact:
    """A contact of a deal of the workspace."""
    return _get(Contact.objects.filter(workspace=access.workspace, removed_at=None), key=key)


def get_process(access: Access, key: str) -> Process:
    """A process of the workspace."""
    return _get(Process.objects.filter(workspace=access.workspace), key=key)


def get_batch(access: Access, key: str) -> ImportBatch:
    """An import of the workspace."""
    return _get(ImportBatch.objects.select_related("by").filter(workspace=access.workspace), key=key)


def get_job(access: Access, key: str) -> Job:
    """A job of the workspace."""
    return _get(Job.objects.filter(workspace=access.workspace), key=key)


def get_rhythm(access: Access, key: str) -> Rhythm:
    """A rhythm of the workspace, ended ones too."""
    return _get(Rhythm.objects.select_related("leader", "workspace").filter(workspace=access.workspace), key=key)


def get_review(access: Access, key: str) -> Review:
    """A review of the workspace, with its rhythm and leader."""
    reviews = Review.objects.select_related("rhythm", "leader", "workspace", "reason")
    return _get(reviews.filter(workspace=access.workspace), key=key)


def get_item(access: Access, review: str, key: str) -> AgendaItem:
    """An item of a review of the workspace."""
    items = AgendaItem.objects.select_related("review__leader", "review__workspace", "deal__owner", "deal__version")
    return _get(items.filter(workspace=access.workspace, review__key=review), key=key)


def get_commitment(access: Access, key: str) -> Commitment:
    """A promise of the workspace."""
    promises = Commitment.objects.select_related("deal", "person", "owner", "what", "shows", "contact", "workspace")
    return _get(promises.filter(workspace=access.workspace), key=key)


def get_correction(access: Access, key: str) -> Correction:
    """A correction of a finding of the workspace."""
    made = Correction.objects.select_related("deal", "note", "by", "workspace")
    return _get(made.filter(workspace=access.workspace), key=key)


def get_gate(access: Access, key: str) -> Gate:
    """A gate of the workspace, ended ones too."""
    return _get(Gate.objects.select_related("process", "workspace").filter(workspace=access.workspace), key=key)


def get_placing(access: Access, key: str) -> Placing:
    """A placing of the workspace."""
    made = Placing.objects.select_related("version__process", "by", "workspace")
    return _get(made.filter(workspace=access.workspace), key=key)


def get_placing_deal(access: Access, placing: str, key: str) -> PlacingDeal:
    """A blinded deal of a placing of the workspace."""
    deals = PlacingDeal.objects.select_related("placing__workspace")
    return _get(deals.filter(workspace=access.workspace, placing__key=placing), key=key)


def get_export(access: Access, key: str) -> WorkspaceExport:
    """An export of the workspace."""
    made = WorkspaceExport.objects.select_related("by", "workspace")
    return _get(made.filter(workspace=access.workspace), key=key)


def get_baseline(access: Access, key: str) -> Baseline:
    """A baseline of the workspace."""
    return _get(Baseline.objects.select_related("by").filter(workspace=access.workspace), key=key)


def _get(candidates: QuerySet[Found], **by: Any) -> Found:
    found = candidates.filter(**by).first()
    if found is None:
        raise NotFoundError(by)
    return found
