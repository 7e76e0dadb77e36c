"""Clean-ups of texts and values taken from second files, as a mapping says, before any column is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from headway.basics.errors import InvalidFileError, Problem
from headway.connectors.files.table import Table
from headway.connectors.mapping import CleanUp, DealsMap, Lookup, Mapping, Source
from headway.diagnosis.value import Repair


def cleaned(table: Table, clean: tuple[CleanUp, ...], repairs: list[Repair]) -> Table:
    """The table with the texts of some columns written anew; each kind of change is a repair with its count."""
    data = table.data
    for item in clean:
        if item.column not in table.columns:
            continue
        place = data.column_names.index(item.column)
        values = data.column(place).combine_chunks()
        for old, new in item.texts.items():
            hit = pc.fill_null(pc.equal(values, old), False)
            count = pc.sum(hit).as_py() or 0
            if count:
                lines = tuple(table.lines.filter(hit)[:20].to_pylist())
                what = f"{old!r} written as {new!r} in column {item.column!r}"
                repairs.append(Repair("repaired", what, count, table.name, lines))
                values = pc.if_else(hit, pa.scalar(new), values)
        data = data.set_column(place, item.column, pa.chunked_array([values], pa.string()))
    return replace(table, data=data)


def with_lookups(
    table: Table, deals: DealsMap, lookups: Sequence[tuple[Lookup, Table]], mapping: Mapping, repairs: list[Repair]
) -> tuple[Table, DealsMap]:
    """The deals table with a column per value taken from a lookup file, and the roles that point to them."""
    roles = dict(deals.roles)
    for lookup, other in lookups:
        _require_columns(mapping, lookup, table, other)
        wanted = table.data.column(lookup.matches).combine_chunks()
        keys = other.data.column(lookup.key).combine_chunks()
        distinct = pc.unique(keys.drop_null())
        if len(distinct) < len(keys.drop_null()):
            what = f"rows whose {lookup.key!r} stands there before (the first is used)"
            repairs.append(Repair("dropped", what, len(keys.drop_null()) - len(distinct), other.name))
        found = pc.index_in(wanted, keys)
        missing = pc.and_(pc.is_valid(wanted), pc.is_null(found))
        count = pc.sum(missing).as_py() or 0
        if count:
            what = f"{lookup.matches!r} that {other.name} does not list"
            lines = tuple(table.lines.filter(missing)[:20].to_pylist())
            repairs.append(Repair("missing", what, count, table.name, lines))
        for role, column in lookup.take.items():
            name = f"{other.name}: {column}"
            taken = other.data.column(column).combine_chunks().take(found)
            table = _with_column(table, name, taken)
            roles[role] = Source(columns=(name,), line=lookup.line)
    return table, replace(deals, roles=roles)


def _with_column(table: Table, name: str, values: pa.Array) -> Table:
    return replace(
        table,
        columns=(*table.columns, name),
        kinds=(*table.kinds, "text"),
        data=table.data.append_column(name, pa.chunked_array([values], pa.string())),
    )


def _require_columns(mapping: Mapping, lookup: Lookup, table: Table, other: Table) -> None:
    problems = [
        Problem(lookup.line, f"{held.name} has no column `{column}`; its columns are {listed(held)}.")
        for held, column in ((table, lookup.matches), (other, lookup.key), *((other, c) for c in lookup.take.values()))
        if column not in held.columns
    ]
    if problems:
        raise InvalidFileError(mapping.path or "the command line", tuple(problems))


def listed(table: Table) -> str:
    """The columns of a table for a message, the first thirty."""
    names = ", ".join(f"`{name}`" for name in table.columns[:30])
    return names if len(table.columns) <= 30 else f"{names} and {len(table.columns) - 30} more"
