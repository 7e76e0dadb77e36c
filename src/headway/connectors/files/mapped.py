"""Tables whose columns a mapping names: the generic layout, for deals and for histories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from headway.connectors.files.cells import Cells
from headway.connectors.files.closing import outcome_of_reason, outcome_of_stage, plain
from headway.connectors.files.staging import Staging
from headway.connectors.mapping import DealsMap, HistoryMap, Source
from headway.diagnosis.value import Repair

_DEAL_TEXTS = {
    "id": "deal", "name": "name", "account": "account", "pipeline": "pipeline", "record_type": "record_type",
    "segment": "segment", "team": "team", "currency": "currency", "owner": "owner", "stage": "stage",
    "reason": "reason",
}  # fmt: skip
_DEAL_TIMES = {"created": "created_at", "closed": "closed_at", "modified": "modified_at", "stage_since": "stage_since"}


def stage_deals(
    cells: Cells, deals: DealsMap, staging: Staging, file: int, known: Mapping[str, pa.Array] | None = None
) -> dict[str, pa.Array]:
    """Stage the rows of a deals table as a mapping describes it, with the dates of stages it may hold.

    `known` holds columns of `staging.DEALS` that are worked out already. Returns the columns that were staged.
    """
    roles = deals.roles
    dated = [*_columns(roles, (*_DEAL_TIMES, "expected_close")), *(s.source.columns[0] for s in deals.stage_dates)]
    cells.read_dates(dated)
    found = _found(cells, file)
    for role, name in _DEAL_TEXTS.items():
        if role in roles:
            found[name] = _texts(cells, roles[role])
    for role, name in _DEAL_TIMES.items():
        if role in roles:
            found[name] = cells.instants(roles[role].columns[0])
    if "expected_close" in roles:
        found["expected_on"] = cells.days(roles["expected_close"].columns[0])
    if "amount" in roles:
        amount = roles["amount"]
        found["amount"] = cells.amounts(amount.columns[0], amount.blank)
        if "currency" not in roles:
            found["currency"] = cells.currencies(amount.columns[0], amount.blank)
    if "currency" in roles and roles["currency"].columns:
        found["currency"] = cells.currency_codes(roles["currency"].columns[0])
    found["outcome"] = _outcomes(cells, deals)
    found.update(known or {})
    staging.add_deals(found, cells.rows)
    for dates in deals.stage_dates:
        column = dates.source.columns[0]
        states = {
            **_found(cells, file),
            "deal": found.get("deal", pa.nulls(cells.rows, pa.string())),
            "deal_name": found.get("name", pa.nulls(cells.rows, pa.string())),
            "stage": _constant(dates.stage, cells.rows),
            "moment": cells.instants(column),
            "how": _constant("assumed", cells.rows),
        }
        dated_rows = pc.is_valid(states["moment"])
        staging.add_states(
            {name: array.filter(dated_rows) for name, array in states.items()},
            pc.sum(dated_rows).as_py() or 0,
            history=False,
        )
    return found


def stage_history(
    cells: Cells, history: HistoryMap, staging: Staging, file: int, known: Mapping[str, pa.Array] | None = None
) -> None:
    """Stage the rows of a history table as a mapping describes it; `known` as in `stage_deals`, of STATES."""
    roles = history.roles
    cells.read_dates(_columns(roles, ("when", "created", "expected_close")))
    found = _found(cells, file)
    for role, name in (
        ("deal", "deal"),
        ("name", "deal_name"),
        ("stage", "stage"),
        ("who", "actor"),
        ("owner", "owner"),
    ):
        if role in roles:
            found[name] = _texts(cells, roles[role])
    found["moment"] = cells.instants(roles["when"].columns[0])
    if "created" in roles:
        found["created_at"] = cells.instants(roles["created"].columns[0])
    if "from_stage" in roles and "stage" in found:
        found["edit"] = pc.fill_null(pc.equal(_texts(cells, roles["from_stage"]), found["stage"]), False)
    if "amount" in roles:
        found["amount"] = cells.amounts(roles["amount"].columns[0], roles["amount"].blank)
    if "expected_close" in roles:
        found["expected_on"] = cells.days(roles["expected_close"].columns[0])
    found.update(known or {})
    staging.add_states(found, cells.rows)


def _found(cells: Cells, file: int) -> dict[str, pa.Array]:
    return {
        "file": pa.array([file], pa.int32()).take(pa.array([0] * cells.rows, pa.int32())),
        "line": cells.table.lines,
    }


def _constant(text: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(text), rows)


def _columns(roles: Mapping[str, Source], wanted: Iterable[str]) -> list[str]:
    return [roles[role].columns[0] for role in wanted if role in roles and roles[role].columns]


def _texts(cells: Cells, source: Source) -> pa.Array:
    if source.always is not None:
        return _constant(source.always, cells.rows)
    return cells.text(source.columns, source.blank)


def _outcomes(cells: Cells, deals: DealsMap) -> pa.Array:
    """`won`, `lost`, `no_decision`, `withdrawn` or `open` per row; null where only the stage's name can tell."""
    if deals.outcomes is None:
        return pa.nulls(cells.rows, pa.string())
    listed = {plain(text): outcome.value for text, outcome in deals.outcomes.texts.items()}
    column = deals.outcomes.source.columns[0]
    texts = cells.text((column,))
    encoded = texts.dictionary_encode()
    values = encoded.dictionary.to_pylist()
    known = {plain(text) for text in deals.outcomes.open}
    for value in values if known else ():
        if plain(value) not in listed and plain(value) not in known:
            what = f"{value[:60]!r} in column {column!r} is in no list of the mapping's `outcome` and counts as open"
            rows = pc.equal(texts, value)
            lines = cells.table.lines.filter(rows).to_pylist()
            cells.repairs.append(Repair("assumed", what, len(lines), cells.table.name, tuple(lines[:20])))
    outcomes = pa.array([listed.get(plain(value), "open") for value in values], pa.string())
    return pc.fill_null(outcomes.take(encoded.indices), "open")


def outcome_of_status(text: str) -> str:
    """What a status says without a mapping: an outcome by its words, else `open`."""
    found = outcome_of_stage(text)
    return found.value if found else "open"


__all__ = ["outcome_of_reason", "outcome_of_status", "stage_deals", "stage_history"]
