"""Ask people to place the same blinded deals, place one, be done, and open the results once everybody is."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from headway.basics.errors import UserError
from headway.basics.periods import AsOf
from headway.evidence.standing import deal_standing
from headway.reviews.blinded import Names, as_json, blinded_lines
from headway.reviews.paper import Line, Paper, Part, as_blocks, as_html, as_text
from headway.reviews.placing import DEALS, LEAST_DEALS, MOST_PEOPLE, Candidate, chosen
from headway.store.actions.audit import append_entry
from headway.store.actions.outbox import MAIL, SLACK, Letter, put_out
from headway.store.models import (
    Contact,
    Deal,
    Exhibit,
    Membership,
    NoticeChoice,
    Owner,
    Person,
    Placement,
    Placing,
    PlacingDeal,
    PlacingPerson,
    ProcessVersion,
    Workspace,
)
from headway.store.queries.clock import shown_at
from headway.store.queries.histories import deal_history
from headway.store.queries.placings import names_of
from headway.store.queries.versions import process_of

SEED_BITS = 62
MOST_CANDIDATES = 2_000  # looked at; of more, those whose random keys come first
KIND = "placing"


@transaction.atomic
def begin_placing(
    *, workspace: Workspace, version: ProcessVersion, people: Sequence[Person], by: Person, at: datetime,
    count: int = DEALS,
) -> Placing:  # fmt: skip
    """Choose the deals, blind them as they stand at the moment shown, and tell those asked.

    UserError for fewer than two people or more than six, somebody who may not record, a version that is no longer
    used, and where too few of its deals have anything that a buyer did.
    """
    asked = _asked(workspace, people)
    if version.number is None or version.withdrawn_at is not None or version.workspace_id != workspace.pk:
        raise UserError("This version of the process is not published: choose one that is.")
    seed = secrets.randbits(SEED_BITS)
    deals = _chosen(version, asked, seed, count)
    moment = shown_at(workspace, at)
    placing = Placing.objects.create(
        workspace=workspace, version=version, seed=seed, as_of=moment, by=by, created_at=at
    )
    shown = _blinded(workspace, version, deals, moment)
    PlacingDeal.objects.bulk_create(
        PlacingDeal(workspace=workspace, placing=placing, deal=deal, number=number, shown=shown[deal.pk])
        for number, deal in enumerate(deals, 1)
    )
    PlacingPerson.objects.bulk_create(
        PlacingPerson(workspace=workspace, placing=placing, person=member.person) for member in asked
    )
    _tell(placing, by, at, "begin placing", {"deals": len(deals), "people": len(asked), "version": version.number})
    for member in asked:
        if member.person_id != by.pk:
            _send(placing, member.person, len(deals), at)
    return placing


@transaction.atomic
def place_deal(
    *, item: PlacingDeal, stage: str, by: Person, at: datetime, unsure: bool = False
) -> Placement:  # fmt: skip
    """Say where this deal stands: the name of a stage, empty for before the first, or that one cannot tell.

    Until one is done the newest counts. UserError for who is not asked, or is done, or a stage that there is not.
    """
    mine = _mine(item.placing, by)
    if item.placing.closed_at is not None or mine.finished_at is not None:
        raise UserError("You are done with this placing, so nothing in it can be changed.")
    if stage and stage not in names_of(item.placing.version):
        raise UserError("The process has no such stage: choose one of those shown.")
    last = Placement.objects.filter(item=item, person=by).order_by("-pk").first()
    place = "" if unsure else stage
    if last is not None and (last.stage, last.unsure) == (place, unsure):
        return last
    made = Placement.objects.create(workspace=item.workspace, item=item, person=by, stage=place, unsure=unsure, at=at)
    _tell(item.placing, by, at, "place deal", {"number": item.number})  # where it was put is nobody's to read yet
    return made


@transaction.atomic
def finish_placing(*, placing: Placing, by: Person, at: datetime) -> Placing:
    """Be done. With the last of those asked the results open. UserError where a deal is not placed yet."""
    placing = _held(placing)
    mine = _mine(placing, by)
    if placing.closed_at is not None or mine.finished_at is not None:
        return placing
    done = set(Placement.objects.filter(item__placing=placing, person=by).values_list("item_id", flat=True))
    left = [
        item.number for item in PlacingDeal.objects.filter(placing=placing).order_by("number") if item.pk not in done
    ]
    if left:
        which = f"deal {left[0]} is" if len(left) == 1 else f"{len(left)} deals are"
        raise UserError(f"You are nearly there: {which} still to be placed.")
    mine.finished_at = at
    mine.save(update_fields=["finished_at"])
    _tell(placing, by, at, "finish placing", {})
    if not PlacingPerson.objects.filter(placing=placing, finished_at=None).exists():
        _close(placing, by, at)
    return placing


@transaction.atomic
def resume_placing(*, placing: Placing, by: Person, at: datetime) -> Placing:
    """Undo of being done, as long as the results are not open."""
    placing = _held(placing)
    mine = _mine(placing, by)
    if placing.closed_at is not None:
        raise UserError("The results are open by now: what was placed stays.")
    if mine.finished_at is not None:
        mine.finished_at = None
        mine.save(update_fields=["finished_at"])
        _tell(placing, by, at, "resume placing", {})
    return placing


@transaction.atomic
def close_placing(*, placing: Placing, by: Person, at: datetime) -> Placing:
    """Open the results without those who are not done. UserError where fewer than two are. Twice changes nothing."""
    placing = _held(placing)
    if placing.closed_at is None:
        if PlacingPerson.objects.filter(placing=placing, finished_at__isnull=False).count() < 2:
            raise UserError("Fewer than two people are done, so there is nothing to compare: wait for one more.")
        _close(placing, by, at)
    return placing


@transaction.atomic
def drop_placing(*, placing: Placing, by: Person, at: datetime) -> None:
    """Undo of asking, as long as nobody has placed a deal; it is gone, only the audit knows of it."""
    placing = _held(placing)
    if Placement.objects.filter(item__placing=placing).exists():
        raise UserError("Somebody has begun to place: let them finish, or open the results when two are done.")
    _tell(placing, by, at, "drop placing", {})
    placing.delete()


def forget_quotes(*, deals: Iterable[int]) -> int:
    """Take the buyer's words out of what was shown of these deals (their pks); how many were changed. For erasing and
    retention: inside the caller's transaction, which says so in the audit."""
    changed = 0
    for item in PlacingDeal.objects.filter(deal__in=list(deals)):
        lines = item.shown.get("lines", [])
        if any(line.get("quote") for line in lines):
            item.shown["lines"] = [line | {"quote": ""} for line in lines]
            item.save(update_fields=["shown"])
            changed += 1
    return changed


def _asked(workspace: Workspace, people: Sequence[Person]) -> list[Membership]:
    keys = {person.pk for person in people}
    found = Membership.objects.select_related("person").filter(
        workspace=workspace, ended_at=None, person__in=keys, person__is_active=True
    )
    asked = list(found.exclude(role="viewer").order_by("person__name", "pk"))
    if len(asked) < len(keys):
        raise UserError("Somebody chosen is no member any more, or may only look: choose others.")
    if len(asked) < 2:
        raise UserError("Choose at least two people: agreement needs somebody to agree with.")
    if len(asked) > MOST_PEOPLE:
        raise UserError(f"Choose at most {MOST_PEOPLE} people: more say little more.")
    return asked


def _chosen(version: ProcessVersion, asked: Sequence[Membership], seed: int, count: int) -> list[Deal]:
    owners = {member.owner_id for member in asked if member.owner_id is not None}
    deals = Deal.objects.filter(version=version, is_live=True, evidenced_rank__isnull=False)
    again = PlacingDeal.objects.filter(placing__version=version).values("deal")
    rows = list(
        deals.exclude(pk__in=again)
        .order_by("key")
        .values_list("pk", "evidenced_rank", "outcome", "owner_id")[:MOST_CANDIDATES]
    )
    candidates = [Candidate(pk, rank or 0, bool(outcome), owner in owners) for pk, rank, outcome, owner in rows]
    if len(candidates) < LEAST_DEALS:
        have = f"Only {len(candidates)} deals" if len(candidates) != 1 else "Only 1 deal"
        raise UserError(
            f"{have} of this version had a buyer act and {'were' if len(candidates) != 1 else 'was'} not placed before:"
            f" record what buyers did on {LEAST_DEALS - len(candidates)} more."
        )
    found = Deal.objects.select_related("owner").in_bulk(chosen(candidates, seed, count))
    return [found[pk] for pk in chosen(candidates, seed, count)]


def _blinded(
    workspace: Workspace, version: ProcessVersion, deals: Sequence[Deal], at: datetime
) -> dict[int, dict[str, object]]:
    """Deal -> what is shown of it."""
    process, as_of = process_of(version), AsOf.moment(at)
    contacts: dict[int, list[str]] = {}
    for deal_id, name in Contact.objects.filter(deal__in=deals).values_list("deal_id", "name"):
        contacts.setdefault(deal_id, []).append(name)
    sources: dict[int, dict[str, str]] = {}
    for deal_id, ref, act in Exhibit.objects.filter(deal__in=deals).values_list("deal_id", "ref", "act"):
        sources.setdefault(deal_id, {})[ref] = act
    members = Membership.objects.filter(workspace=workspace).values_list("person__name", flat=True)
    ours = tuple(
        sorted({*members[:500], *Owner.objects.filter(workspace=workspace).values_list("name", flat=True)[:1000]})
    )
    found = {}
    for deal in deals:
        history = deal_history(deal)
        buyers = tuple(dict.fromkeys([*contacts.get(deal.pk, []), *(e.contact for e in history.events if e.contact)]))
        names = Names(deal.name, deal.account, buyers, ours, workspace.name)
        lines, asked_on = blinded_lines(history, process, as_of, names, sources.get(deal.pk))
        standing = deal_standing(history, process, as_of, silence_limit_days=process.limits.silence_days)
        found[deal.pk] = as_json(lines, asked_on, standing.evidenced_rank)
    return found


def _mine(placing: Placing, by: Person) -> PlacingPerson:
    mine = PlacingPerson.objects.select_for_update().filter(placing=placing, person=by).first()
    if mine is None:
        raise UserError("You are not asked to place these deals: ask whoever began it.")
    return mine


def _held(placing: Placing) -> Placing:
    held = Placing.objects.select_for_update(of=("self",)).select_related("workspace", "version__process", "by")
    return held.get(pk=placing.pk)


def _close(placing: Placing, by: Person, at: datetime) -> None:
    placing.closed_at = at
    placing.save(update_fields=["closed_at"])
    _tell(placing, by, at, "close placing", {})


def address_of(placing: Placing) -> str:
    """Where it is placed: the web's `placing`, which a test holds this to."""
    return f"{settings.ADDRESS}/w/{placing.workspace.key}/placings/{placing.key}/"


def _send(placing: Placing, person: Person, deals: int, at: datetime) -> None:
    choice = NoticeChoice.objects.filter(person=person).first()
    if choice is not None and choice.channel == "none":
        return
    channel = SLACK if choice is not None and choice.channel == SLACK and choice.slack_hook else MAIL
    subject = f"Where do these {deals} deals stand? Under ten minutes"
    paper = Paper(
        subject,
        (
            f"{placing.by.name} asks you to place {deals} deals by what their buyers did. Names are left out.",
            "Somebody else places the same ones. Where you differ, the definition of a stage is at fault, not you.",
        ),
        (
            Part(
                "How",
                lines=(Line("Place them alone, in one go or in several. Nobody sees yours before all are done."),),
            ),
        ),
        link=("Place them", address_of(placing)),
        foot=f"You get this because you are asked to place deals of {placing.workspace.name}.",
    )
    html = as_html(paper) if channel == MAIL else ""
    blocks = as_blocks(paper) if channel == SLACK else []
    put_out(
        workspace=placing.workspace, person=person, channel=channel, kind=KIND,
        letter=Letter(subject, as_text(paper), html, blocks), once=f"{KIND} {placing.key} {person.key}", at=at,
    )  # fmt: skip


def _tell(placing: Placing, by: Person, at: datetime, verb: str, detail: dict[str, object]) -> None:
    append_entry(workspace=placing.workspace, by=by, at=at, verb=verb, target=f"placing {placing.key}", detail=detail)
