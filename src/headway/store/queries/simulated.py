"""What the demo's rhythm is made of: which reviews a simulated history knows, and what its seller asks next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from headway.deals.events import EventKind
from headway.store.models import Deal, Event, Membership, Person, Review, Rhythm, Workspace
from headway.store.queries.versions import process_of

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LEAST = 3  # times that a review occurred, to be a rhythm


@dataclass(frozen=True, slots=True)
class RecordedRhythm:
    """Reviews of one name in the history: the first, the rule they keep, the team whose deals they looked at."""

    name: str
    first_at: datetime
    rule: str
    team: str

    def team_of(self, person: Person) -> str:
        """The team of most open deals that this person owns; empty for none."""
        deals = Deal.objects.filter(is_live=True, outcome="", owner__name=person.name)
        teams = Counter(deals.values_list("team", flat=True))
        return next((name for name, _ in teams.most_common(1)), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a seller asks whom about a deal next, and what will show that they did."""

    deal: Deal
    contact: str
    question: str
    milestone: str
    shows: str


def recorded_rhythms(workspace: Workspace, at: datetime) -> list[RecordedRhythm]:
    """By name; those that occurred three times or more before `at`."""
    told = Event.objects.filter(
        workspace=workspace, deal=None, voiding=None, happened_at__lt=at,
        kind__in=(EventKind.REVIEW_HELD.value, EventKind.REVIEW_MISSED.value),
    )  # fmt: skip
    moments: dict[str, list[datetime]] = {}
    for name, moment in told.order_by("happened_at").values_list("name", "happened_at"):
        moments.setdefault(name or "", []).append(moment)
    teams = set(Deal.objects.filter(workspace=workspace, is_live=True).values_list("team", flat=True).distinct())
    return [
        RecordedRhythm(
            name, found[0], f"FREQ=WEEKLY;BYDAY={DAYS[found[0].weekday()]}",
            next((team for team in sorted(teams) if team and name.endswith(team)), ""),
        )
        for name, found in sorted(moments.items())
        if name and len(found) >= LEAST
    ]  # fmt: skip


def next_of(rhythm: Rhythm, at: datetime) -> Review | None:
    """The next occurrence that is laid out."""
    found = Review.objects.filter(rhythm=rhythm, due_at__gte=at, state="due")
    return found.select_related("workspace", "rhythm", "leader").order_by("due_at").first()


def asked_next(workspace: Workspace, person: Person, most: int) -> list[Asked]:
    """On the person's largest open deals that have a question to somebody by name, one each; at most `most`."""
    owner = Membership.objects.filter(workspace=workspace, person=person, ended_at=None).values("owner")
    deals = Deal.objects.filter(workspace=workspace, is_live=True, outcome="", owner__in=owner)
    found: list[Asked] = []
    for deal in deals.exclude(question="").select_related("version", "workspace").order_by("-amount", "pk")[:50]:
        milestones = {one.id: one for _, one in process_of(deal.version).milestones} if deal.version else {}
        milestone = milestones.get(deal.question_about)
        if milestone is not None and deal.question_to and len(found) < most:
            question = milestone.ask or deal.question  # without what leads up to it: that is for the conversation
            found.append(Asked(deal, deal.question_to, question, milestone.id, milestone.buyer))
    return found
