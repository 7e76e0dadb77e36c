"""From a form to a Process: every problem at once, each with the field it stands beside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from headway.process.definition import Limits, Milestone, Process, Proof, Stage, Step
from headway.process.form import MilestoneForm, ProcessForm, StageForm, StepForm
from headway.process.linter import SourceLine, Who, lint_lines
from headway.process.loader import MOST_TIMES
from headway.process.soundness import MAX_STAGES

MOST_DAYS = 36_500
ID_WORDS, ID_LENGTH = 5, 48
_FILLERS = frozenset(
    re.findall("\\w+", "the a an they their them buyer has have had of in to and or by who that this it is for")
)


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What is wrong in one field: uid of the item (empty: the process itself), name of the field, one sentence."""

    uid: str
    field: str
    sentence: str


def check_form(form: ProcessForm, published: Process | None = None) -> tuple[Process | None, tuple[FormProblem, ...]]:
    """The process that a form says, or None with what keeps it from being one.

    A milestone that was published keeps its id, and with it the evidence recorded so far; unless its line did not
    have the buyer as subject then and was changed since: what a seller did is no proof of what a buyer does.
    """
    return _Check(published).process(form)


class _Check:
    """Collects problems while the values are made."""

    def __init__(self, published: Process | None) -> None:
        self.published = {milestone.id: milestone.buyer for _, milestone in published.milestones} if published else {}
        self.problems: list[FormProblem] = []
        self.ids: dict[str, str] = {}

    def process(self, form: ProcessForm) -> tuple[Process | None, tuple[FormProblem, ...]]:
        """The whole."""
        usual = Limits()
        if not one_line(form.name):
            self.note("", "name", "Give the process a name, such as who buys what.")
        stages = [stage for stage in form.stages if not _is_empty(stage)]
        if not 1 <= len(stages) <= MAX_STAGES:
            self.note("", "stages", f"A process needs from 1 to {MAX_STAGES} stages; this one has {len(stages)}.")
        self._give_ids(stages)
        self._note_names_used_twice(stages)
        made = Process(
            name=one_line(form.name),
            pipelines=lines(form.pipelines),
            record_types=lines(form.record_types),
            limits=Limits(
                silence_days=self.whole("", "silence_days", form.silence_days, 1) or usual.silence_days,
                late_entry_days=self._or_usual(form.late_entry_days, "late_entry_days", usual.late_entry_days),
                activities_without_movement=self.whole(
                    "", "activities_without_movement", form.activities_without_movement, 1
                )
                or usual.activities_without_movement,
            ),
            stages=tuple(self._stage(stage) for stage in stages),
        )
        return (None if self.problems else made), tuple(self.problems)

    def note(self, uid: str, field: str, sentence: str) -> None:
        """Remember a problem."""
        self.problems.append(FormProblem(uid, field, sentence))

    def whole(self, uid: str, field: str, text: str, low: int) -> int | None:
        """A whole number of days or of things; None where the field is empty."""
        text = text.strip()
        if not text:
            return None
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
        if not low <= number <= MOST_DAYS:
            self.note(uid, field, f"Write a whole number from {low} to {MOST_DAYS:,}, or leave it empty.")
            return None
        return number

    def _or_usual(self, text: str, field: str, usual: int) -> int:
        number = self.whole("", field, text, 0)
        return usual if number is None else number

    def _amount(self, milestone: MilestoneForm) -> float | None:
        text = milestone.amount_from.strip().replace(",", "").replace(" ", "")
        if not text:
            return None
        number = float(text) if re.fullmatch(r"\d{1,15}(\.\d{1,6})?", text, re.ASCII) else -1.0
        if not 0 <= number < 1e15:
            self.note(milestone.uid, "amount_from", "Write an amount like 50000, or leave it empty.")
            return None
        return number

    def _stage(self, form: StageForm) -> Stage:
        if not one_line(form.name):
            self.note(form.uid, "name", "Give the stage a name.")
        return Stage(
            name=one_line(form.name),
            claims=_claims(form),
            usual_days=self.whole(form.uid, "usual_days", form.usual_days, 1),
            limit_days=self.whole(form.uid, "limit_days", form.limit_days, 1),
            milestones=tuple(self._milestone(m) for m in form.milestones if not _is_empty(m)),
            steps=tuple(self._step(s) for s in form.steps if not _is_empty(s)),
        )

    def _milestone(self, form: MilestoneForm) -> Milestone:
        if not one_line(form.buyer):
            self.note(form.uid, "buyer", "Say what the buyer must have done, or remove the line.")
        grade = form.grade.strip() or "1"
        if grade not in ("0", "1", "2", "3", "4"):
            self.note(form.uid, "grade", "Choose what counts as proof.")
            grade = "1"
        return Milestone(
            id=self.ids[form.uid],
            buyer=one_line(form.buyer),
            ask=one_line(form.ask),
            usual_days=self.whole(form.uid, "usual_days", form.usual_days, 1),
            proof=Proof(int(grade), self.whole(form.uid, "shelf_life_days", form.shelf_life_days, 1), lines(form.acts)),
            amount_from=self._amount(form),
            record_types=lines(form.record_types),
        )

    def _step(self, form: StepForm) -> Step:
        if not one_line(form.seller):
            self.note(form.uid, "seller", "Say what is asked of the seller, or remove the line.")
        if form.serves not in self.ids or not form.serves:
            self.note(form.uid, "serves", "Choose the milestone that this serves.")
        due = self.whole(form.uid, "due_days", form.due_days, 0)
        if due is None and not form.due_days.strip():
            self.note(form.uid, "due_days", "Say within how many days.")
        return Step(
            id=self.ids[form.uid],
            seller=one_line(form.seller),
            serves=self.ids.get(form.serves, ""),
            due_days=due or 0,
            after=one_line(form.after) or None,
            activities=lines(form.activities),
            at_buyers_request=form.at_buyers_request == "yes",
            times=self._times(form),
            unless=one_line(form.unless) or None,
        )

    def _times(self, form: StepForm) -> int:
        number = self.whole(form.uid, "times", form.times, 1) or 1
        if number > MOST_TIMES:
            self.note(form.uid, "times", f"Write a whole number from 1 to {MOST_TIMES}, or leave it empty.")
        return number

    def _give_ids(self, stages: list[StageForm]) -> None:
        milestones = [m for stage in stages for m in stage.milestones if not _is_empty(m)]
        steps = [s for stage in stages for s in stage.steps if not _is_empty(s)]
        taken: set[str] = set()
        wanted = [(m.uid, "" if self._is_new(m) else m.id, m.buyer) for m in milestones]
        wanted += [(s.uid, s.id, s.seller) for s in steps]
        for uid, known, _ in wanted:
            if (name := one_line(known)) and name.casefold() not in taken:
                self.ids[uid] = name
                taken.add(name.casefold())
        taken |= {name.casefold() for name in self.published}
        for uid, _, text in wanted:
            if uid not in self.ids:
                self.ids[uid] = _fresh_id(text, taken)
                taken.add(self.ids[uid])

    def _is_new(self, milestone: MilestoneForm) -> bool:
        before = self.published.get(milestone.id)
        if before is None or before == one_line(milestone.buyer):
            return False
        return lint_lines([SourceLine(1, before)]).lines[0].who is not Who.BUYER

    def _note_names_used_twice(self, stages: list[StageForm]) -> None:
        seen: dict[str, str] = {}
        for stage in stages:
            for label in (one_line(stage.name), *_claims(stage)):
                key = label.casefold()
                if not key:
                    continue
                if key in seen:
                    field = "name" if label == one_line(stage.name) else "claims"
                    self.note(
                        stage.uid, field, f"“{label[:60]}” already means the stage “{seen[key][:60]}”: keep it in one."
                    )
                seen.setdefault(key, one_line(stage.name) or label)


def one_line(text: str) -> str:
    """Text on one line, single-spaced, without characters that no screen can show."""
    shown = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text)
    return " ".join(shown.split())


def lines(text: str) -> tuple[str, ...]:
    """The lines of a field that holds a list, without empty ones and repetitions."""
    return tuple(dict.fromkeys(line for raw in text.split("\n") if (line := one_line(raw))))


def _claims(stage: StageForm) -> tuple[str, ...]:
    own = {one_line(stage.name).casefold()}
    found = []
    for label in lines(stage.claims):
        if label.casefold() not in own:
            own.add(label.casefold())
            found.append(label)
    return tuple(found)


def _is_empty(item: StageForm | MilestoneForm | StepForm) -> bool:
    """Whether nothing was typed: such lines are left out without a word."""
    if isinstance(item, StageForm):
        parts: Iterable[str] = (item.name, item.claims, item.usual_days, item.limit_days)
        below: tuple[MilestoneForm | StepForm, ...] = (*item.milestones, *item.steps)
        return not any(map(str.strip, parts)) and all(_is_empty(one) for one in below)
    if isinstance(item, MilestoneForm):
        return not (item.buyer.strip() or item.ask.strip())
    return not item.seller.strip()


def _fresh_id(text: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _FILLERS] or ["milestone"]
    stem = "_".join(words[:ID_WORDS])[:ID_LENGTH].strip("_")
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
