"""What a mapping file says: which columns and values of a file mean what. Frozen values; no file is read here."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from headway.deals.events import EventKind, Outcome

Known = Literal["export", "creation"]
Person = Literal["anyone", "person", "automatic"]
Occurrence = Literal["every", "first", "later"]

# What a column of a deals table can mean, and in which form it is read.
TEXT_ROLES = (
    "id", "name", "account", "pipeline", "record_type", "segment", "team", "currency", "owner", "stage", "reason",
)  # fmt: skip
INSTANT_ROLES = ("created", "closed", "modified", "stage_since")
DEAL_ROLES = (*TEXT_ROLES, "amount", "expected_close", *INSTANT_ROLES)
HISTORY_ROLES = ("deal", "name", "stage", "from_stage", "when", "who", "amount", "expected_close", "owner", "created")
EVENT_ROLES = ("deal", "what", "lifecycle", "when", "who", "contact", "recorded", "note")
ANY = "*"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: columns (several are joined by ` · `), or one text for all.

    `blank`: cell texts that mean nothing. `known`: whether the value was known since the deal was created, or only
    from the day of the export (a snapshot, barred from back-tests). `line`: where the mapping file says so.
    """

    columns: tuple[str, ...] = ()
    always: str | None = None
    blank: tuple[str, ...] = ()
    known: Known = "export"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Which texts of a column mean which outcome; all others mean that the deal is open.

    With `open` given, a text that stands in no list is counted as a repair instead of passing for open silently.
    """

    source: Source
    texts: Dictionary[str, Outcome] = field(default_factory=dict)
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageDate:
    """A column that holds when the deal entered `stage`."""

    stage: str
    source: Source


@dataclass(frozen=True, slots=True)
class DealsMap:
    """The deals table: `roles` by the names in DEAL_ROLES; `reasons` split a lost deal by its reason."""

    file: str = ANY
    roles: Dictionary[str, Source] = field(default_factory=dict)
    stage_dates: tuple[StageDate, ...] = ()
    outcomes: Outcomes | None = None
    reasons: Dictionary[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryMap:
    """A table with one row per change of a deal: `roles` by the names in HISTORY_ROLES."""

    file: str = ANY
    roles: Dictionary[str, Source] = field(default_factory=dict)
    outcomes: Dictionary[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventRule:
    """Events called `what` (glob patterns) are of this kind. `name`: of the stage, activity, act or outcome.

    `lifecycle`: empty for any. `by`: whether an automatic user did it. `occurrence`: only
    the first such event of a deal, or only those after it. Without `name` the event keeps its own.
    `reason`: of a decision.
    """

    what: tuple[str, ...]
    kind: EventKind | None  # None: left out on purpose
    name: str | None = None
    lifecycle: tuple[str, ...] = ()
    by: Person = "anyone"
    occurrence: Occurrence = "every"
    grade: int | None = None
    reason: str | None = None
    line: int = 0

    def fits(self, what: str, lifecycle: str | None, automatic: bool) -> bool:
        """Whether an event with these values is meant."""
        return (
            any(what == pattern or fnmatchcase(what, pattern) for pattern in self.what)
            and (not self.lifecycle or (lifecycle or "").casefold() in {text.casefold() for text in self.lifecycle})
            and (self.by == "anyone" or (self.by == "automatic") == automatic)
        )


@dataclass(frozen=True, slots=True)
class EventsMap:
    """The events table. `automatic`: values of `who` that are no person. `owner`: whose deal it is, by what was done.

    `owner` lists names of events; the deal goes to the person behind the first of each, in order of time (`*`: any
    event done by a person). `stamped`: a system wrote the times, so each event was recorded when it happened.
    """

    file: str = ANY
    roles: Dictionary[str, Source] = field(default_factory=dict)
    rules: tuple[EventRule, ...] = ()
    automatic: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    stamped: bool = False


@dataclass(frozen=True, slots=True)
class Lookup:
    """A second file that adds values to the deals: rows match where `key` there equals `matches` in the deals."""

    file: str
    key: str
    matches: str
    take: Dictionary[str, str]  # role -> column of the lookup file
    line: int = 0


@dataclass(frozen=True, slots=True)
class CleanUp:
    """Texts of a column (in any of the files) that are written anew; each change is counted as a repair."""

    column: str
    texts: Dictionary[str, str]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything a mapping file says. `path` names it in messages; empty for columns named on the command line."""

    path: str = ""
    deals: DealsMap | None = None
    history: HistoryMap | None = None
    events: EventsMap | None = None
    lookups: tuple[Lookup, ...] = ()
    clean: tuple[CleanUp, ...] = ()
    day_order: Literal["dmy", "mdy"] | None = None
    zone: str | None = None
    exported_on: str | None = None  # YYYY-MM-DD
