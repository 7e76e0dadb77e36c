"""The forms of a rhythm: one per starter, filled in already; moving one occurrence; holding one now."""

from __future__ import annotations

from datetime import datetime, time
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms

from headway.reviews.kinds import KIND_NAMES, ReviewKind
from headway.reviews.recurrence import EVERY_WORDS, Every, every_of, read_rule, rule_from, rule_words
from headway.reviews.rhythm import next_occurrence
from headway.reviews.starters import Starter, first_day
from headway.store.actions.occurrences import LONGEST, SHORTEST
from headway.store.actions.rhythms import Terms
from headway.store.queries.access import Access
from headway.store.queries.people import MembershipRow, list_members
from headway.store.queries.rhythms import RhythmRow, list_teams, recurring_of
from headway.web.rhythm.shown import today_in

AS_IT_IS = "as_it_is"
ONE_AT_LEAST = "Tick whoever it is with: a one-to-one needs a second person."
MINUTES = {
    "required": "Say how many minutes it takes.",
    "invalid": "Write the minutes as a number.",
    "min_value": f"A review takes at least {SHORTEST} minutes.",
    "max_value": f"A review takes at most {LONGEST} minutes.",
}


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Time zones to choose from: UTC, then Region/City."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return (("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named))


class RhythmForm(forms.Form):
    """Who, when, how long, where. `members`: who may take part; `rhythm`: the one that is changed, if any."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Give the review a name."})
    every = forms.ChoiceField(
        label="How often", widget=forms.RadioSelect, error_messages={"required": "Choose how often."}
    )
    first_on = forms.DateField(
        label="First on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the first day.", "invalid": "Write the day as in 2026-11-24."},
    )
    starts = forms.TimeField(
        label="At",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Say when it begins.", "invalid": "Write the time as in 10:00."},
    )
    zone = forms.ChoiceField(label="Time zone", choices=zones)
    minutes = forms.IntegerField(label="Minutes", min_value=SHORTEST, max_value=LONGEST, error_messages=MINUTES)
    leader = forms.ChoiceField(label="Who leads")
    people = forms.MultipleChoiceField(label="Who takes part", widget=forms.CheckboxSelectMultiple, required=False)
    team = forms.ChoiceField(label="Deals of", required=False)
    place = forms.CharField(label="Where", max_length=300, required=False)

    def __init__(
        self, access: Access, kind: str, data: Any = None, *, rhythm: RhythmRow | None = None, **rest: Any
    ) -> None:
        super().__init__(data, **rest)
        self.kind, self.rhythm = kind, rhythm
        self.members: dict[str, MembershipRow] = {one.person.key: one for one in list_members(access)}
        named = [(key, str(one.person)) for key, one in self.members.items()]
        teams = list_teams(access)
        every = [(one.value, words) for one, words in EVERY_WORDS.items()]
        if rhythm is not None and every_of(read_rule(rhythm.rule)) is None:
            every.insert(0, (AS_IT_IS, rule_words(read_rule(rhythm.rule))))
        self._choose("every", every)
        self._choose("leader", named)
        self._choose("people", named)
        self._choose("team", [("", "All teams"), *((team, team) for team in teams)])
        self.has_teams = bool(teams) and kind != ReviewKind.PROCESS

    def clean(self) -> dict[str, Any]:
        """A one-to-one has a second person, and is named after them where nobody gave it another name."""
        given = super().clean() or {}
        others = [key for key in given.get("people", []) if key != given.get("leader")]
        if self.kind == ReviewKind.ONE_TO_ONE and "people" in given:
            if not others:
                self.add_error("people", ONE_AT_LEAST)
            elif len(others) == 1 and given.get("name") == KIND_NAMES[ReviewKind.ONE_TO_ONE]:
                given["name"] = f"{given['name']} with {self.members[others[0]].person.first_name}"
        return given

    def terms(self) -> Terms:
        """What was asked for. A rhythm whose times nobody touched keeps its own rule and first day."""
        given = self.cleaned_data
        rhythm, touched = self.rhythm, {"every", "first_on", "starts", "zone"} & {*self.changed_data}
        if rhythm is not None and (not touched or given["every"] == AS_IT_IS):
            rule, first_on = rhythm.rule, rhythm.first_on
        else:
            rule, first_on = rule_from(Every(given["every"]), given["first_on"]).text, given["first_on"]
        return Terms(
            name=given["name"], leader=self.members[given["leader"]].person,
            people=tuple(self.members[key].person for key in given["people"]),
            first_on=first_on, starts=given["starts"], zone=given["zone"], rule=rule, minutes=given["minutes"],
            team=given["team"], place=given["place"],
        )  # fmt: skip

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class HoldNow(forms.Form):
    """A review right now, without a rhythm."""

    kind = forms.ChoiceField(
        label="Which review", choices=[(kind.value, name) for kind, name in KIND_NAMES.items()],
        widget=forms.RadioSelect, initial=ReviewKind.PIPELINE.value,
        error_messages={"required": "Choose which review."},
    )  # fmt: skip
    minutes = forms.IntegerField(
        label="Minutes", min_value=SHORTEST, max_value=LONGEST, initial=30, error_messages=MINUTES
    )
    team = forms.ChoiceField(label="Deals of", required=False)

    def __init__(self, access: Access, data: Any = None) -> None:
        super().__init__(data)
        teams = list_teams(access)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All teams"), *((team, team) for team in teams)]
        self.has_teams = bool(teams)


class MoveOne(forms.Form):
    """Another day and time for one occurrence, on the clock of its rhythm."""

    on = forms.DateField(
        label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day.", "invalid": "Write the day as in 2026-11-24."},
    )  # fmt: skip
    at = forms.TimeField(
        label="Time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Say when it begins.", "invalid": "Write the time as in 10:00."},
    )  # fmt: skip


def filled_in(access: Access, starter: Starter, now: datetime) -> dict[str, Any]:
    """What the form of a starter begins with: good enough to press the button at once."""
    zone = access.person.zone if access.person.zone not in ("", "UTC") else access.workspace.zone or "UTC"
    people = [one.person.key for one in list_members(access) if one.role in starter.roles]
    if starter.one:
        people = [access.person.key]
    return {
        "name": starter.name, "every": starter.every.value, "first_on": first_day(starter, today_in(zone, now)),
        "starts": starter.starts, "zone": zone, "minutes": starter.minutes, "leader": access.person.key,
        "people": sorted({*people, access.person.key}), "team": "", "place": "",
    }  # fmt: skip


def as_it_is(rhythm: RhythmRow, now: datetime) -> dict[str, Any]:
    """What the form of a change begins with; the first day is that of the next occurrence."""
    every = every_of(read_rule(rhythm.rule))
    following = next_occurrence(recurring_of(rhythm), now)
    return {
        "name": rhythm.name, "every": every.value if every else AS_IT_IS,
        "first_on": today_in(rhythm.zone, following) if following else rhythm.first_on,
        "starts": time(rhythm.starts.hour, rhythm.starts.minute), "zone": rhythm.zone, "minutes": rhythm.minutes,
        "leader": rhythm.leader.key, "people": [one.person.key for one in rhythm.people.select_related("person")],
        "team": rhythm.team, "place": rhythm.place,
    }  # fmt: skip
