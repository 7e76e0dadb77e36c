"""How a topic ends: a change, a trial or nothing, the reason, and who does what by when."""

from __future__ import annotations

from typing import Any

from django import forms

from headway.reviews.decisions import Promised
from headway.reviews.kinds import DECIDED, ON_PROCESS, What
from headway.reviews.process_change import DROP, LARGE, LATER, MARK, REWORD, WAYS
from headway.reviews.process_topics import About, Topic
from headway.store.queries.access import Access

REFUSED = {
    What.CHANGE: "A leader or somebody in operations changes the process: ask one of them to press it.",
    What.TRIAL: "A leader or somebody in operations begins a trial: ask one of them to press it.",
}


class Ending(forms.Form):
    """`what` offers only what this person may do with this topic; the others are shown as refused."""

    what = forms.ChoiceField(choices=[(what.value, DECIDED[what]) for what in ON_PROCESS], required=False)
    way = forms.ChoiceField(choices=[(way, way) for way in (DROP, REWORD, LATER, LARGE, MARK)], required=False)
    words = forms.CharField(max_length=500, required=False)
    days = forms.CharField(max_length=4, required=False)
    amount = forms.CharField(max_length=12, required=False)
    other = forms.CharField(max_length=500, required=False)
    reason = forms.CharField(max_length=1_000, required=False)
    promise_owner = forms.CharField(max_length=200, required=False)
    promise_what = forms.CharField(max_length=300, required=False)
    promise_shows = forms.CharField(max_length=300, required=False)
    promise_due = forms.DateField(required=False)

    def __init__(self, topic: Topic | None, access: Access, data: Any = None) -> None:
        super().__init__(data)
        self.topic, self.access = topic, access

    def clean(self) -> dict[str, Any]:
        """One end, its reason, and what that end needs."""
        given = super().clean() or {}
        topic = self.topic
        if topic is None:
            return given
        what = given.get("what") or ""
        if what not in {end.value for end in ON_PROCESS}:
            if "what" not in self.errors:
                self.add_error("what", "Choose how it ends.")
        elif self.refused(What(what)):
            self.add_error("what", self.refused(What(what)))
        elif what == What.CHANGE and topic.about in WAYS and not given.get("way"):
            if "way" not in self.errors:
                self.add_error("way", "Choose what is changed.")
        elif what == What.CHANGE and self.needs() and not given.get(self.needs(), "").strip():
            self.add_error(self.needs(), NEEDED[self.needs()])
        if not given.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", "Write why in a few words: next time it is read again.")
        if given.get("promise_what", "").strip():
            self._check_promise(given)
        return given

    def refused(self, what: What) -> str:
        """Why this person may not end it so; empty where they may."""
        verb = {What.CHANGE: "process", What.TRIAL: "trial"}.get(what)
        if what is What.TRIAL and (self.topic is None or self.topic.about is not About.STEP):
            return "Only a step can be put on trial."
        return REFUSED[what] if verb and not self.access.may(verb) else ""

    def ends(self) -> list[tuple[str, str, bool, str]]:
        """(value, words, proposed, why refused) of each end, for the page."""
        proposed = self.topic.proposed if self.topic else None
        return [(what.value, DECIDED[what], what is proposed, self.refused(what)) for what in ON_PROCESS]

    def chosen_end(self) -> str:
        """What is marked: as sent, else as proposed where this person may."""
        if self.is_bound:
            return str(self["what"].value() or "")
        proposed = self.topic.proposed if self.topic else None
        return proposed.value if proposed and not self.refused(proposed) else ""

    def chosen_way(self) -> str:
        """Which change is marked: as sent, else the first."""
        sent = str(self["way"].value() or "")
        ways = WAYS.get(self.topic.about, ()) if self.topic else ()
        return sent or (ways[0][0] if ways else "")

    def needs(self) -> str:
        """The field that the chosen change needs beside the reason; empty for none."""
        return {REWORD: "words", LATER: "days", LARGE: "amount"}.get(str(self["way"].value() or ""), "")

    def given_words(self) -> str:
        """The words of the change or the trial, after validation."""
        what = self.cleaned_data["what"]
        name = "other" if what == What.TRIAL else self.needs() if what == What.CHANGE else ""
        return str(self.cleaned_data.get(name, "")) if name else ""

    def promised(self) -> Promised | None:
        """The promise that goes with it; None where none was written."""
        given = self.cleaned_data
        if not given.get("promise_what", "").strip():
            return None
        owner = given["promise_owner"].strip() or self.access.person.name
        return Promised(owner, given["promise_what"].strip(), given["promise_shows"].strip(), "", given["promise_due"])

    def _check_promise(self, given: dict[str, Any]) -> None:
        if not given.get("promise_shows", "").strip():
            self.add_error("promise_shows", "Write what will show that it was kept.")
        if not given.get("promise_due") and "promise_due" not in self.errors:
            self.add_error("promise_due", "Give the day by which it is done.")


NEEDED = {
    "words": "Write the other words.",
    "days": "Write a whole number of days, from 1 to 365.",
    "amount": "Write the amount from which it is asked, in figures.",
}
