"""Every address of the application with keys that lead somewhere, for tests that walk all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from headway.reviews.correction import How
from headway.store.actions.commitments import make_commitment
from headway.store.actions.corrections import correct_finding
from headway.store.actions.deals import add_deal
from headway.store.actions.evidence import record_evidence
from headway.store.actions.invitations import invite
from headway.store.actions.jobs import ask_for
from headway.store.actions.looking import ask_to_look
from headway.store.actions.outbox import Letter, put_out
from headway.store.actions.trials import start_trial
from headway.store.models import (
    AgendaItem,
    Analysis,
    Attachment,
    Contact,
    DealFinding,
    Gate,
    HandOver,
    ImportBatch,
    OutMessage,
    Person,
    Placing,
    PlacingDeal,
    PlacingPerson,
    ProcessVersion,
    Review,
    TeamFigure,
    Workspace,
    WorkspaceExport,
)
from tests.cast import NOW
from tests.e2e.addresses import PARAMETER, list_patterns
from tests.rhythms import next_of, weekly
from tests.web.process_reviews import make_process_review

INSIDE = "w/<str:w>/"
# Parameters that name no object but a word of the product, and one that is right.
WORDS = {"record": "problem_stated", "edit": "amount", "how": "retract", "behind": "deals", "stages": "1"} | {
    "decide": "keep",
    "move": "down",
    "off": "x",
    "calendars": "x",
    "reply": "x",
}


@dataclass(frozen=True)
class Route:
    """`keys`: parameter to what stands before it in the address, as in {"key": "deals"}."""

    name: str
    route: str
    keys: dict[str, str]

    @property
    def inside(self) -> bool:
        """Whether it belongs to a workspace."""
        return self.route.startswith(INSIDE)

    @property
    def kinds(self) -> list[str]:
        """The kinds of objects it names, the outer first: ["deals", "contacts"]."""
        return [kind for parameter, kind in self.keys.items() if parameter != "w" and kind not in WORDS]

    def url(self, workspace: str, found: dict[str, str]) -> str:
        """The address, with the key of each kind from `found`."""
        known = {**WORDS, **found}
        keys = {parameter: workspace if parameter == "w" else known[kind] for parameter, kind in self.keys.items()}
        return reverse(self.name, kwargs=keys)


def list_routes() -> list[Route]:
    """All of them."""
    return [
        Route(name, route, {parameter: before or parameter for before, parameter in PARAMETER.findall(route)})
        for name, route in list_patterns()
    ]


def furnish(workspace: Workspace, by: Person, version: ProcessVersion, member: Person) -> dict[str, str]:
    """One of everything in a workspace that an address may name; kind to key."""
    deal = add_deal(workspace=workspace, name="Fleet renewal", by=by, at=NOW, owner="Bob Adler")
    evidence = record_evidence(
        deal=deal, milestone="problem_stated", source="quote", grade=1, by=by, at=NOW, happened_at=NOW, quote="Yes"
    )
    contact = Contact.objects.create(workspace=workspace, deal=deal, name="Dana Buyer")
    batch = ImportBatch.objects.create(workspace=workspace, by=by, created_at=NOW)
    job = ask_for(kind="analysis", workspace=workspace, by=by, at=NOW)
    invitation, _ = invite(workspace=workspace, email="nora@example.com", role="seller", by=by, at=NOW)
    file = Attachment.objects.create(
        workspace=workspace, deal=deal, name="a.txt", media_type="text/plain", bytes=1, sha256="0" * 64, content=b"x",
        created_at=NOW,
    )  # fmt: skip
    process_review = make_process_review(workspace, by)
    rhythm = weekly(workspace, by, NOW, member)
    promise = make_commitment(
        workspace=workspace, owner=by.name, person=by, what="Send the sheet", shows="", contact="", milestone="",
        due_on=NOW.date(), by=by, at=NOW,
    )  # fmt: skip
    trial = start_trial(workspace=workspace, process=version.process, step="ask_for_second_voice", by=by, at=NOW)
    review = Review.objects.create(
        workspace=workspace, kind="pipeline", name="Pipeline review", leader=by, due_at=NOW, minutes=30, prepared_at=NOW
    )
    item = AgendaItem.objects.create(workspace=workspace, review=review, deal=deal, place=1, minutes=5)
    put_out(
        workspace=workspace, person=member, channel="mail", kind="minutes", letter=Letter("Minutes", "Decided."),
        once=f"minutes {review.key}", at=NOW,
    )  # fmt: skip
    placing = Placing.objects.create(workspace=workspace, version=version, seed=1, as_of=NOW, by=by, created_at=NOW)
    blinded = PlacingDeal.objects.create(workspace=workspace, placing=placing, deal=deal, number=1, shown={"rank": 1})
    for asked in {by, member}:
        PlacingPerson.objects.create(workspace=workspace, placing=placing, person=asked)
    export = WorkspaceExport.objects.create(workspace=workspace, by=by, created_at=NOW, finished_at=NOW)
    offer = HandOver.objects.create(workspace=workspace, by=by, to=member, created_at=NOW)
    looked = ask_to_look(workspace=workspace, kind="contact", key=contact.key, also=(), by=by, at=NOW)
    analysis = Analysis.objects.create(workspace=workspace, as_of=NOW, started_at=NOW, finished_at=NOW)
    part = {"words": "Open deals", "n": 1, "deals": [deal.key], "chosen": "largest"}
    figure = TeamFigure.objects.create(
        workspace=workspace, analysis=analysis, name=f"behind:item:{workspace.pk}",
        value={"title": "Send the sheet", "parts": [part]},
    )  # fmt: skip
    gate = Gate.objects.create(
        workspace=workspace, process=version.process, stage="Budget authority secured", created_at=NOW
    )
    finding = DealFinding.objects.create(
        workspace=workspace, deal=deal, rule="overstay", what="x", mark="0" * 40, first_seen_at=NOW
    )
    correction = correct_finding(finding=finding, how=How.DATA, note="It was wrong", by=by, at=NOW)
    return {
        "mark": "0" * 40,
        "corrections": correction.key,
        "gates": gate.key,
        "exports": export.key,
        "offers": offer.key,
        "looks": looked.key,
        "placings": placing.key,
        "place": blinded.key,
        "deals": deal.key,
        "figures": figure.name.removeprefix("behind:"),
        "owners": str(deal.owner_id),
        "contacts": contact.key,
        "evidence": str(evidence.pk),
        "files": file.key,
        "findings": "1",
        "processes": version.process.key,
        "versions": str(version.number),
        "imports": batch.key,
        "jobs": job.key,
        "people": member.key,
        "invitations": invitation.key,
        "trials": trial.key,
        "promises": promise.key,
        "rhythm": rhythm.key,
        "occurrences": next_of(rhythm).key,
        "reviews": review.key,
        "items": item.key,
        "outbox": OutMessage.objects.get(once=f"minutes {review.key}").key,
        "process-reviews": process_review.key,
        "topics": process_review.items.order_by("place")[0].key,
    }


def missing(found: dict[str, str]) -> dict[str, str]:
    """For each kind a key of the same form that nothing has."""
    return {kind: "99999999" if key.isdigit() else "z" * len(key) for kind, key in found.items()}


def unknown_kinds(routes: list[Route], found: dict[str, str]) -> Iterator[str]:
    """What has no key in `furnish` yet: a new route asks for one."""
    for route in routes:
        for parameter, kind in route.keys.items():
            if parameter != "w" and kind not in found and kind not in WORDS:
                yield f"{route.route} ({route.name}): add a key of {kind!r} to tests/web/routes.py"
