"""Why a cause changed the number on one deal: the event behind it in words, and its place in the log."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from headway.basics.figures import counted, percent_figure
from headway.basics.money import money_text
from headway.forecast.event_words import act_said, day_said, short, shown_said
from headway.forecast.known_at import day_of
from headway.forecast.snapshots import UNSEEN
from headway.process.definition import Milestone, Process

MOST_EVENTS = 5
SHOWS = ("evidence_recorded", "buyer_acted")
KINDS: dict[str, tuple[str, ...]] = {
    "new": ("deal_created",),
    "won": ("deal_decided",),
    "lost": ("deal_decided",),
    "no_decision": ("deal_decided",),
    "reopened": ("deal_reopened",),
    "amount": ("amount_set",),
    "evidence": SHOWS,
    "doubted": ("evidence_retracted", "evidence_disputed"),
    "acted": SHOWS,
    "claim": ("stage_claimed",),
    "date": ("close_date_set",),
    "agreed": ("act_agreed",),
    "outreach": ("activity_done",),
    "other": ("owner_set",),
}
"""Which events can be behind a cause; time, silence, a lapse and what was learned have none."""
Row = dict[str, Any]
Columns = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """One deal and one cause. `was`, `now`: its columns (see `Snapshots`) on the two days, empty where it was not open.

    `events`: those of the kinds of the cause that became known in between, the latest last. `amount`: what the cause
    adds; `booked`: what the deal brought, None where it is not won.
    """

    cause: str
    was: Columns
    now: Columns
    events: tuple[Row, ...]
    amount: float
    booked: float | None

    @property
    def ordinals(self) -> tuple[int, ...]:
        """The latest of its events by their place in the source."""
        return tuple(int(event["ordinal"]) for event in self.events[-MOST_EVENTS:])


@dataclass(frozen=True, slots=True)
class Words:
    """What is alike for all deals: both days, the processes, the currency, how many deals were decided between."""

    from_on: date
    to_on: date
    ends_on: date
    processes: Sequence[Process]
    currency: str | None
    decided: int

    def why(self, case: Case) -> str:
        """One sentence without a full stop."""
        return SAID[case.cause](self, case)

    def day(self, on: date) -> str:
        """`12 March`."""
        return day_said(on, self.to_on)

    def when(self, case: Case) -> str:
        """` on 12 March`, and that it was entered only between the two days; nothing where no event tells."""
        if not case.events:
            return ""
        happened_on = case.events[-1]["happened_on"]
        late = ", entered since" if happened_on <= self.from_on else ""
        return f" on {self.day(happened_on)}{late}"

    def money(self, amount: float | None) -> str:
        """`€48 k`."""
        return money_text(None if amount is None or math.isnan(amount) else amount, self.currency)

    def stage(self, row: Columns, rank: float) -> str:
        """The name of a stage; empty for a rank that is none."""
        stages = self.processes[int(row["process"])].stages
        return stages[int(rank) - 1].name if 1 <= rank <= len(stages) else ""

    def evidenced(self, row: Columns) -> str:
        """How far the buyer has shown to be: `evidenced at Proposal`."""
        name = self.stage(row, row["level"])
        return f"evidenced at {name}" if name else "nothing evidenced yet" if row["level"] > UNSEEN else "no buyer seen"

    def milestone(self, row: Columns, event: Row) -> tuple[int, Milestone] | None:
        """The milestone of the deal's process, with its rank, that an event is about."""
        found = self.processes[int(row["process"])].milestones if row else ()
        name, acted = event.get("name"), event.get("kind") == "buyer_acted"
        return next(((r, m) for r, m in found if (name in m.proof.acts if acted else name == m.id)), None)

    def done(self, event: Row, found: tuple[int, Milestone] | None) -> str:
        """What the buyer did, and when: `Jan Ito returned the signed offer on 12 March`."""
        if found is None or event["kind"] == "buyer_acted":
            said, pause = act_said(event["contact"], event["name"]), ""
        else:
            said, pause = shown_said(event["contact"], found[1].buyer), ","
        late = ", entered since" if event["happened_on"] <= self.from_on else ""
        return f"{said}{pause} on {self.day(event['happened_on'])}{late}"


def _new(words: Words, case: Case) -> str:
    return f"new: created{words.when(case)}" if case.events else f"new: first known after {words.day(words.from_on)}"


def _won(words: Words, case: Case) -> str:
    if not case.booked:
        return f"won{words.when(case)}, {'outside this period' if case.booked is None else 'no amount known'}"
    before = (case.booked - case.amount) / case.booked
    earlier = f", of which {percent_figure(before)} % was counted already" if before > 0 else ""
    return f"won{words.when(case)}: {words.money(case.booked)}{earlier}"


def _ended(words: Words, case: Case) -> str:
    event = case.events[-1] if case.events else {}
    end = {"lost": "lost", "withdrawn": "withdrawn by the seller"}.get(
        event.get("name") or case.cause, "ended without a decision"
    )
    reason = short(event.get("note"))
    return f"{end}{words.when(case)}{f': {reason}' if reason else ''}"


def _reopened(words: Words, case: Case) -> str:
    return f"opened again{words.when(case)}"


def _amount(words: Words, case: Case) -> str:
    was = case.was.get("amount", math.nan)
    now = case.now.get("amount", math.nan if case.booked is None else case.booked)
    if math.isnan(was):
        return f"amount set to {words.money(now)}{words.when(case)}"
    return f"amount went from {words.money(was)} to {words.money(now)}{words.when(case)}"


def _evidence(words: Words, case: Case) -> str:
    told = [(event, words.milestone(case.now, event)) for event in case.events]
    low, high = case.was.get("level", UNSEEN), case.now["level"]
    raising = [one for one in told if one[1] and low < one[1][0] <= high]
    if not told:
        return f"now {words.evidenced(case.now)}"
    event, found = (raising or [one for one in told if one[1]] or told)[-1]
    return f"{words.done(event, found)}; now {words.evidenced(case.now)}"


def _lapsed(words: Words, case: Case) -> str:
    what = words.stage(case.was, case.was["level"]) or "what was shown"
    return f"proof of {what} is older than it may be; now {words.evidenced(case.now)}"


def _doubted(words: Words, case: Case) -> str:
    event = case.events[-1] if case.events else {}
    found = words.milestone(case.was, event)
    about = f" for “{found[1].buyer.strip().rstrip('.')}”" if found else ""
    done = "retracted" if event.get("kind") == "evidence_retracted" else "disputed"
    reason = short(event.get("note"))
    why = f" ({reason})" if reason else ""
    return f"evidence{about} {done}{words.when(case)}{why}; now {words.evidenced(case.now)}"


def _acted(words: Words, case: Case) -> str:
    if not case.events:
        return "the buyer acted"
    event, quiet = case.events[-1], case.was.get("silence", math.nan)
    after = f", after {counted(int(quiet), 'day')} of silence" if quiet >= 7 else ""
    found = words.milestone(case.now, event) if event["kind"] == "evidence_recorded" else None
    return f"{words.done(event, found)}{after}"


def _silence(words: Words, case: Case) -> str:
    days = case.now.get("silence", math.nan)
    if math.isnan(days):
        return "what the buyer was seen to do was taken back"
    return f"no sign of the buyer since {words.day(day_of(int(case.now['day'] - days)))}, {counted(int(days), 'day')}"


def _claim(words: Words, case: Case) -> str:
    was, now = case.was, case.now
    old, new = words.stage(was, was["claimed"]), words.stage(now, now["claimed"])
    if not new:
        return f"claimed at a stage that the process lacks{words.when(case)}"
    moved = f"claim moved from {old} to {new}" if old and old != new else f"claimed at {new}"
    return f"{moved}{words.when(case)}; {words.evidenced(now)}"


def _date(words: Words, case: Case) -> str:
    was, now = _due(case.was), _due(case.now)
    if now is None:
        return f"close date taken away{words.when(case)}"
    if was is None:
        return f"close date set to {words.day(now)}{words.when(case)}"
    if was == now:
        return f"close date moved and moved back to {words.day(now)}{words.when(case)}"
    return f"close date moved from {words.day(was)} to {words.day(now)}{words.when(case)}"


def _due(row: Columns) -> date | None:
    days = row.get("due_days", math.nan)
    return None if math.isnan(days) else day_of(int(row["day"] + days))


def _agreed(words: Words, case: Case) -> str:
    if not case.events:
        return "what the buyer had agreed to do is no longer awaited"
    event = case.events[-1]
    by = f", by {words.day(event['due_on'])}" if event["due_on"] else ""
    return (
        f"{event['contact'] or 'the buyer'} agreed{words.when(case)}: “{short(event['name']) or 'no words noted'}”{by}"
    )


def _outreach(words: Words, case: Case) -> str:
    if case.events:
        name = short(case.events[-1]["name"]).replace("_", " ")
        last = f"{words.when(case)}{f' ({name})' if name else ''}"
        if len(case.events) == 1:
            return f"1 activity of the seller,{last}"
        return f"{len(case.events)} activities of the seller, the last{last}"
    quiet = case.now.get("seller_silence", math.nan)
    if math.isnan(quiet):
        return "no activity of the seller is known"
    return f"no activity of the seller since {words.day(day_of(int(case.now['day'] - quiet)))}"


def _time(words: Words, _: Case) -> str:
    days = counted((words.to_on - words.from_on).days, "day")
    return f"{days} older, and as many fewer until {words.day(words.ends_on)}"


def _other(words: Words, case: Case) -> str:
    if not case.now:
        return "no longer among the deals that are counted"
    was = case.was or case.now
    changed = [name for name in ("owner", "segment", "process") if was[name] != case.now[name]]
    if not changed:
        return f"the process asks something else of it; now {words.evidenced(case.now)}"
    return f"{' and '.join(changed)} changed{words.when(case)}"


def _learned(words: Words, _: Case) -> str:
    more = counted(words.decided, "more decided deal") if words.decided else "the days since"
    return f"judged anew by what {more} taught"


SAID: dict[str, Callable[[Words, Case], str]] = {
    "new": _new,
    "won": _won,
    "lost": _ended,
    "no_decision": _ended,
    "reopened": _reopened,
    "amount": _amount,
    "evidence": _evidence,
    "lapsed": _lapsed,
    "doubted": _doubted,
    "acted": _acted,
    "silence": _silence,
    "claim": _claim,
    "date": _date,
    "agreed": _agreed,
    "outreach": _outreach,
    "time": _time,
    "other": _other,
    "learned": _learned,
}
