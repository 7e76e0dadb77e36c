"""What rows name by number or by a person's key inside of texts and documents, moved with what it names.

Foreign keys are told by the tables themselves; a place in a document is told here. A test loads a workspace beside
itself and asks of every number in every row that it names what it named (tests/store/test_export_numbers.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from headway.store.actions.team import OWNER

DETAILS = {"event": "event", "call": "dealcall", "owner": "owner"}  # in the detail of an entry -> the table
MOVED = ("moved", "moved_longer")  # of a forecast: why the number moved, with the events behind each piece


@dataclass(frozen=True, slots=True)
class Moves:
    """By how much the numbers of each table's rows grow; people by their number and by their key, old to new."""

    shifts: Mapping[str, int]
    people: Mapping[int, int]
    keys: Mapping[str, str]

    def number(self, table: str, number: Any) -> Any:
        """What a row of this table is called here; what is no number of a row stays."""
        if isinstance(number, bool) or not isinstance(number, int):
            return number
        return number + self.shifts.get(table, 0)

    def numeral(self, table: str, text: str) -> str:
        """The same of a number that is written as text."""
        return str(self.number(table, int(text))) if text.isdecimal() else text


def documents_of(table: str, values: dict[str, Any], moves: Moves) -> dict[str, Any]:
    """Of a row's values those that name other rows inside, as they are here; fields that the row has not stay away."""
    mend = MENDED.get(table, {})
    return {name: made(values[name], moves) for name, made in mend.items() if values.get(name)}


def _detail(value: Any, moves: Moves) -> Any:
    if not isinstance(value, dict):
        return value
    return value | {name: moves.number(table, value[name]) for name, table in DETAILS.items() if name in value}


def _target(value: str, moves: Moves) -> str:
    """What an entry is about, as in "deal KEY": people's keys may be others here; owners stand by number."""
    kind, _, key = value.partition(" ")
    made = {"person": moves.keys.get(key, key), "owner": moves.numeral("owner", key)}
    return f"{kind} {made[kind]}" if kind in made else value


def _summary(value: Any, moves: Moves) -> Any:
    """Of an analysis: rates by version and stage ("12:3"), and what was measured of each gate, by process."""
    if not isinstance(value, dict):
        return value
    told = dict(value)
    if isinstance(told.get("gap_rates"), dict):
        split = ((*key.partition(":"), rate) for key, rate in told["gap_rates"].items())
        told["gap_rates"] = {
            f"{moves.numeral('processversion', version)}:{rank}": rate for version, _, rank, rate in split
        }
    if isinstance(told.get("gates"), list):
        told["gates"] = [
            one | {"process": moves.number("process", one["process"])} if isinstance(one, dict) else one
            for one in told["gates"]
        ]
    return told


def _forecast(value: str, moves: Moves) -> str:
    try:
        told = json.loads(value)
    except ValueError:
        return value  # pages say of it that it cannot be shown
    if not moves.shifts.get("event") or not isinstance(told, dict):
        return value
    for name in MOVED:
        for one in _several(told.get(name)):
            for piece in _several(one.get("pieces")):
                piece["events"] = [moves.number("event", number) for number in piece.get("events") or ()]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _several(value: Any) -> list[dict[str, Any]]:
    """The documents in a list, or the only one."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _about(value: Any, moves: Moves) -> Any:
    """Of a decision: the events it made, which an undo takes back."""
    if not isinstance(value, dict) or not isinstance(value.get("events"), list):
        return value
    return value | {"events": [moves.number("event", number) for number in value["events"]]}


def _report(value: Any, moves: Moves) -> Any:
    """Of an import: what deals said before it, by deal, which an undo gives back."""
    if not isinstance(value, dict) or not isinstance(value.get("before"), dict):
        return value
    return value | {"before": {moves.numeral("deal", deal): said for deal, said in value["before"].items()}}


def _figure_name(value: str, moves: Moves) -> str:
    number = value.removeprefix(OWNER)
    return value if number == value else OWNER + moves.numeral("owner", number)


def _reminded(value: str, moves: Moves) -> str:
    kind, _, number = value.partition(" ")
    return f"{kind} {moves.numeral('gatechange', number)}" if kind == "gate" else value


def _roles(value: Any, moves: Moves) -> Any:
    return {moves.keys.get(key, key): role for key, role in value.items()} if isinstance(value, dict) else value


def _once(value: str, moves: Moves) -> str:
    """Of a message: what of it is sent once, as in "minutes KEY PERSON mail", "invitation KEY 2 NUMBER"."""
    words = [moves.keys.get(word, word) for word in value.split(" ")]
    if words[0] == "invitation" and words[-1].isdecimal():
        words[-1] = str(moves.people.get(int(words[-1]), words[-1]))
    return " ".join(words)


MENDED: dict[str, dict[str, Callable[[Any, Moves], Any]]] = {
    "analysis": {"summary": _summary},
    "analysistext": {"forecast": _forecast},
    "decision": {"about": _about},
    "entry": {"detail": _detail, "target": _target},
    "erasure": {"target": _target},
    "handover": {"was": _roles},
    "importbatch": {"report": _report},
    "outmessage": {"once": _once},
    "reminder": {"about": _reminded},
    "teamfigure": {"name": _figure_name},
}
"""Table -> field -> how what it holds is told here."""
