"""The demo's rhythm: what its history knows of reviews as past occurrences, agendas for the next ones, promises due."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.store.queries.people import PersonRow, WorkspaceRow

MINUTES = 30
PROCESS_MINUTES = 60
PROMISED = 3  # open promises of the seller


def set_demo_rhythm(
    workspace: WorkspaceRow, leader: PersonRow, seller: PersonRow, operations: PersonRow, at: datetime
) -> int:
    """A weekly review for each team whose reviews the history knows, and a monthly one of the process; how many.

    Past occurrences come from the simulation; the next ones are prepared. Nothing for a firm without reviews.
    """
    from headway.reviews.kinds import ReviewKind
    from headway.store.actions.agendas import prepare_agenda
    from headway.store.actions.process_review import prepare_topics
    from headway.store.actions.rhythms import Terms, set_rhythm
    from headway.store.actions.simulated_rhythm import record_simulated_reviews
    from headway.store.queries.simulated import next_of, recorded_rhythms

    found = recorded_rhythms(workspace, at)
    for one in found:
        people = (leader, seller) if one.team == one.team_of(seller) else (leader,)
        terms = Terms(
            name=one.name, leader=leader, people=people, first_on=one.first_at.date(), starts=one.first_at.time(),
            zone="UTC", rule=one.rule, minutes=MINUTES, team=one.team,
        )  # fmt: skip
        rhythm = set_rhythm(workspace=workspace, kind=ReviewKind.PIPELINE, terms=terms, by=leader, at=at)
        record_simulated_reviews(rhythm=rhythm, by=leader, at=at)
        coming = next_of(rhythm, at)
        if coming is not None:
            prepare_agenda(review=coming, at=at)
    if not found:
        return 0
    monthly = Terms(
        name="Process review", leader=leader, people=(leader, operations), first_on=at.date() + timedelta(days=1),
        starts=time(11), zone=workspace.zone, rule="FREQ=MONTHLY;BYDAY=1MO", minutes=PROCESS_MINUTES,
    )  # fmt: skip
    process = next_of(set_rhythm(workspace=workspace, kind=ReviewKind.PROCESS, terms=monthly, by=leader, at=at), at)
    if process is not None:
        prepare_topics(review=process, at=at)
    promise_ahead(workspace, seller, at)
    return len(found) + 1


def promise_ahead(workspace: WorkspaceRow, seller: PersonRow, at: datetime) -> None:
    """What the seller promised for the coming days, by their own word: on their largest deals, each with a question."""
    from headway.store.actions.commitments import make_commitment
    from headway.store.queries.simulated import asked_next

    for number, one in enumerate(asked_next(workspace, seller, PROMISED)):
        make_commitment(
            workspace=workspace, owner=seller.name, person=seller, what=f"Ask {one.contact}: {one.question}",
            shows=one.shows, contact=one.contact, milestone=one.milestone,
            due_on=at.date() + timedelta(days=2 + 3 * number), by=seller, at=at, deal=one.deal,
        )  # fmt: skip
