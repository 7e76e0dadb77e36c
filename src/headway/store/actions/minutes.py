"""Send the agenda of a review the day before, and its minutes when it is closed: into the outbox, once to each."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from headway.reviews.agenda_deal import deal_from
from headway.reviews.agenda_letter import Announced, Listed, agenda_paper, agenda_subject
from headway.reviews.kinds import Held
from headway.reviews.minutes import minutes_paper, subject_of
from headway.reviews.paper import Paper, as_blocks, as_html, as_text
from headway.store.actions.outbox import MAIL, SLACK, Letter, put_out
from headway.store.models import AgendaItem, Membership, NoticeChoice, Person, Review, SlackHook
from headway.store.queries.agenda_page import leader_promises
from headway.store.queries.minutes import MOST_ITEMS, minutes_of, people_of, receivers_of, title_of

AGENDA, MINUTES = "agenda", "minutes"


@transaction.atomic
def send_agenda(*, review: Review, at: datetime) -> int:
    """The prepared agenda to everyone in the review, their own deals first; how many messages are new.

    By mail, or to a person's own Slack where they chose that, or not at all where they want nothing. An agenda with
    nothing on it goes to whoever leads, alone.
    """
    if review.state != Held.DUE or review.prepared_at is None:
        return 0
    items = list(
        AgendaItem.objects.filter(review=review).select_related("deal__owner").order_by("place", "id")[:MOST_ITEMS]
    )
    people = people_of(review) if items else [review.leader]
    owners = dict(
        Membership.objects.filter(workspace=review.workspace, ended_at=None, person__in=people).values_list(
            "person_id", "owner_id"
        )
    )
    choices = {choice.person_id: choice for choice in NoticeChoice.objects.filter(person__in=people)}
    promises = leader_promises(review, at)
    about = Announced(
        review.name, review.workspace.name, review.leader.name, review.due_at, review.minutes,
        review.rhythm.place if review.rhythm else "",
    )  # fmt: skip
    sent = 0
    for person in people:
        points = [_listed(item, owners.get(person.pk)) for item in items]
        paper = agenda_paper(
            about, points, promises, person.zone, address_of(review), leads=person.pk == review.leader_id
        )
        subject = agenda_subject(about, sum(point.mine for point in points), person.zone)
        sent += _put(review, person, AGENDA, subject, paper, at, _channel(choices.get(person.pk)))
    return sent


@transaction.atomic
def send_minutes(*, review: Review, at: datetime) -> int:
    """The minutes to everyone in the rhythm and everybody present, and to the workspace's Slack; how many are new.

    Inside the transaction that closes the review. Called again it puts nothing out a second time; what is corrected
    later stands on the minutes' page alone.
    """
    if review.closed_at is None:
        return 0
    minutes, address = minutes_of(review), f"{address_of(review)}minutes/"
    sent = 0
    for person in receivers_of(review):
        paper = minutes_paper(minutes, person.zone, address)
        sent += _put(review, person, MINUTES, subject_of(minutes, person.zone), paper, at, MAIL)
    if SlackHook.objects.filter(workspace=review.workspace).exists():
        zone = review.workspace.zone
        sent += _put(review, None, MINUTES, subject_of(minutes, zone), minutes_paper(minutes, zone, address), at, SLACK)
    return sent


def address_of(review: Review) -> str:
    """Where a review's agenda is read: the web's `review_agenda`, which a test holds this to."""
    return f"{settings.ADDRESS}/w/{review.workspace.key}/reviews/{review.key}/"


def _listed(item: AgendaItem, owner: int | None) -> Listed:
    mine = owner is not None and item.deal is not None and item.deal.owner_id == owner
    deal = deal_from(item.facts) if item.deal and item.facts.get("key") else None
    return Listed(title_of(item), item.minutes, tuple(map(str, item.why)), deal, mine)


def _channel(choice: NoticeChoice | None) -> str:
    if choice is None or choice.channel == MAIL:
        return MAIL
    if choice.channel == SLACK:
        return SLACK if choice.slack_hook else MAIL
    return ""


def _put(
    review: Review, person: Person | None, kind: str, subject: str, paper: Paper, at: datetime, channel: str
) -> bool:
    if not channel:
        return False
    html = as_html(paper) if channel == MAIL else ""
    blocks = as_blocks(paper) if channel == SLACK else []
    return put_out(
        workspace=review.workspace, person=person, channel=channel, kind=kind,
        letter=Letter(subject, as_text(paper), html, blocks),
        once=f"{kind} {review.key} {person.key if person else 'workspace'} {channel}", at=at,
    )  # fmt: skip
