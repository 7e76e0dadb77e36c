"""What ended findings, newest first: people in one of the four ways, or the event that mended them by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Model, QuerySet

from headway.deals.events import EventKind
from headway.reviews.correction import How, Look, look_from
from headway.store.models import Correction, Deal, DealFinding, Event, FindingEnd, ProcessVersion
from headway.store.models import Correction as CorrectionRow
from headway.store.queries.access import Access
from headway.store.queries.corrections import TITLES, sees_all
from headway.store.queries.versions import process_of

__all__ = ["CorrectionRow", "Ended", "Mender", "list_coached", "list_ended", "list_menders", "story_of"]

Found = TypeVar("Found", bound=Model)
PER_PAGE, MOST_PAGES = 40, 50
MOST_COACHED = 200
MOST_MENDERS = 12
MOST_ENDS = 10
MENDERS = (
    *(EventKind.EVIDENCE_RECORDED, EventKind.EVIDENCE_RETRACTED, EventKind.EVIDENCE_DISPUTED, EventKind.BUYER_ACTED),
    *(EventKind.STAGE_CLAIMED, EventKind.CLOSE_DATE_SET, EventKind.DEAL_REOPENED, EventKind.ACT_AGREED),
)
EVIDENCE = {MENDERS[0].value, MENDERS[1].value, MENDERS[2].value}


@dataclass(frozen=True, slots=True)
class Mender:
    """An event in words, as what mended a finding."""

    pk: int
    words: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """One end of a finding. `how`: a `How`, or empty where it mended itself; `by`: who ended it, or recorded the event.

    `mender`: the event, where one is named. `undone`: taken back since, the finding was open again.
    """

    deal: Deal
    rule: str
    stage: str
    at: datetime
    how: str
    by: str
    note: str
    key: str
    mender: Mender | None
    first_seen_at: datetime | None
    look_again_on: date | None = None
    look: Look | None = None
    undone: bool = False

    @property
    def title(self) -> str:
        """Of its rule."""
        return TITLES.get(self.rule, self.rule)


def list_ended(access: Access, *, page: int = 1) -> tuple[tuple[Ended, ...], bool]:
    """(ends, whether there are more), the newest first; a seller those of their own deals. Three queries at most."""
    start = (min(max(page, 1), MOST_PAGES) - 1) * PER_PAGE
    until = start + PER_PAGE + 1
    people = list(_corrections(access).order_by("-at", "-pk")[:until])
    ends = list(_ends(access).order_by("-at", "-pk")[:until])
    both = sorted(_both(people, ends), key=lambda row: row.at, reverse=True)
    return _told(both[start : start + PER_PAGE]), len(both) > start + PER_PAGE


def list_coached(access: Access) -> tuple[Ended, ...]:
    """What was agreed, with the day to look again: those to come by their day, then what was seen, the newest first."""
    rows = _corrections(access).filter(how=How.COACHED.value, voiding=None).order_by("-at", "-pk")[:MOST_COACHED]
    found = _told(list(rows))
    to_come = sorted((one for one in found if one.look is None), key=lambda one: one.look_again_on or date.max)
    return (*to_come, *(one for one in found if one.look is not None))


def story_of(finding: DealFinding) -> tuple[Ended, ...]:
    """Earlier ends of this very finding, the newest first. Two queries."""
    people = Correction.objects.filter(deal=finding.deal_id, mark=finding.mark)
    ends = FindingEnd.objects.filter(deal=finding.deal_id, mark=finding.mark)
    newest = _with(people).order_by("-at")[:MOST_ENDS], _with_end(ends).order_by("-at")[:MOST_ENDS]
    return _told(sorted(_both(*newest), key=lambda row: row.at, reverse=True))


def list_menders(finding: DealFinding) -> tuple[Mender, ...]:
    """Records on the deal since the finding was first seen, which may have set it straight; the newest first."""
    rows = Event.objects.filter(deal=finding.deal_id, kind__in=[kind.value for kind in MENDERS], voiding=None)
    if finding.first_seen_at:
        rows = rows.filter(recorded_at__gte=finding.first_seen_at)
    words = _milestones([finding.deal.version_id])
    return tuple(
        Mender(row.pk, event_words(row, words), row.happened_at)
        for row in rows.order_by("-happened_at", "-pk")[:MOST_MENDERS]
    )


def find_mender(finding: DealFinding, pk: int) -> Event | None:
    """The record of this deal with this number; None where it is none of its."""
    return Event.objects.filter(deal=finding.deal_id, pk=pk, voiding=None).first()


def _corrections(access: Access) -> QuerySet[Correction]:
    return _of(_with(Correction.objects.filter(workspace=access.workspace)), access)


def _ends(access: Access) -> QuerySet[FindingEnd]:
    return _of(_with_end(FindingEnd.objects.filter(workspace=access.workspace)), access)


def _of(rows: QuerySet[Found], access: Access) -> QuerySet[Found]:
    """A seller is shown those of their own deals."""
    return rows if sees_all(access) else rows.filter(deal__owner=access.membership.owner_id or 0)


def _with(rows: QuerySet[Correction]) -> QuerySet[Correction]:
    return rows.select_related("deal__owner", "note", "by", "event", "look", "voiding")


def _with_end(rows: QuerySet[FindingEnd]) -> QuerySet[FindingEnd]:
    return rows.select_related("deal__owner", "event__by")


def _both(people: Iterable[Correction], ends: Iterable[FindingEnd]) -> list[Correction | FindingEnd]:
    return [*people, *ends]


def _told(rows: Sequence[Correction | FindingEnd]) -> tuple[Ended, ...]:
    shown = {row.deal.version_id for row in rows if row.event and row.event.kind in EVIDENCE}
    words = _milestones(shown)
    return tuple(_by_people(row, words) if isinstance(row, Correction) else _by_itself(row, words) for row in rows)


def _by_people(row: Correction, words: Mapping[str, str]) -> Ended:
    seen = getattr(row, "look", None)
    mender = None if row.how == How.EXCEPTION.value else _mender(row.event, words)
    return Ended(
        row.deal, row.rule, row.stage, row.at, row.how, row.by.name, (row.note.text or "(erased)") if row.note else "",
        row.key, mender, None, row.look_again_on, look_from(seen.facts) if seen else None, hasattr(row, "voiding"),
    )  # fmt: skip


def _by_itself(row: FindingEnd, words: Mapping[str, str]) -> Ended:
    by = row.event.by.name if row.event and row.event.by else ""
    return Ended(
        row.deal, row.rule, row.stage, row.at, "", by, "", "", _mender(row.event, words), row.first_seen_at
    )  # fmt: skip


def _mender(event: Event | None, words: Mapping[str, str]) -> Mender | None:
    return Mender(event.pk, event_words(event, words), event.happened_at) if event is not None else None


def event_words(event: Event, milestones: Mapping[str, str]) -> str:
    """The event, as what ended a finding: `The claim moved to Proposal`, `The deal was decided: won`."""
    name = event.name or ""
    milestone = milestones.get(name, name.replace("_", " "))
    said: dict[str, str] = {
        EventKind.EVIDENCE_RECORDED.value: f"The buyer showed: {milestone}",
        EventKind.EVIDENCE_RETRACTED.value: f"Evidence withdrawn: {milestone}",
        EventKind.EVIDENCE_DISPUTED.value: f"Evidence disputed: {milestone}",
        EventKind.BUYER_ACTED.value: f"The buyer moved: {name.replace('_', ' ')}",
        EventKind.STAGE_CLAIMED.value: f"The claim moved to {name}",
        EventKind.CLOSE_DATE_SET.value: f"The close date was set to {event.due_on}",
        EventKind.ACT_AGREED.value: f"The buyer agreed: {name}",
        EventKind.DEAL_REOPENED.value: "The deal was reopened",
        EventKind.DEAL_DECIDED.value: f"The deal was decided: {name.replace('_', ' ')}",
    }
    return said.get(event.kind, event.kind.replace("_", " ").capitalize())


def _milestones(versions: Iterable[int | None]) -> dict[str, str]:
    """Milestone id -> what the buyer does, of these process versions; one query, none where there are none."""
    wanted = {version for version in versions if version is not None}
    found = ProcessVersion.objects.filter(pk__in=wanted) if wanted else ()
    return {milestone.id: milestone.buyer for version in found for _, milestone in process_of(version).milestones}


def count_ended(access: Access, now: datetime, days: int) -> tuple[int, int]:
    """(by people and not taken back, by itself) in so many days; for a page that has nothing else to show."""
    since = now - timedelta(days=days)
    people = _of(Correction.objects.filter(workspace=access.workspace, at__gte=since, voiding=None), access)
    return people.count(), _of(FindingEnd.objects.filter(workspace=access.workspace, at__gte=since), access).count()
