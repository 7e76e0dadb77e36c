"""A column as its distinct values: parsing looks at each value once, however many rows there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

LINES_SHOWN = 20
_MISSING = frozenset(
    {
        "", "-", "--", "—", "–", "?", "#n/a", "n/a", "n.a.", "na", "n.v.", "k.a.", "null", "(null)", "none", "nil",
        "nan", "nat", "undefined", "(blank)", "(none)", "(empty)", "#ref!", "#value!", "#name?", "#null!", "#num!",
        "#div/0!", "0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "0000-00-00t00:00:00z", "00/00/0000",
        "00.00.0000", "00-00-0000",
    }
)  # fmt: skip


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no value: blank, `-`, `#N/A`, `NULL`, `0000-00-00` and their kin."""
    return text.strip().lower() in _MISSING


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that could not be read, why, how often it occurs, and on which first lines (else rows)."""

    value: str
    why: str
    count: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DistinctColumn:
    """The distinct values of a column of strings. `codes` (int32, one per row) points into `values`; -1 is null."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]
    line_numbers: NDArray[np.int32]

    def spread(self, per_value: pa.Array) -> pa.Array:
        """One value per distinct value to one per row."""
        if not len(per_value):
            return pa.nulls(len(self.codes), per_value.type)
        return per_value.take(pa.array(self.codes, mask=self.codes < 0))

    def lines_of(self, place: int) -> tuple[int, ...]:
        """The first lines on which the value at a place occurs."""
        rows = np.flatnonzero(self.codes == place)[:LINES_SHOWN]
        return tuple(int(line) for line in self.line_numbers[rows])

    def unreadable(self, why_by_place: dict[int, str]) -> tuple[Unreadable, ...]:
        """The values at these places as `Unreadable`, the most frequent first."""
        if not why_by_place:
            return ()
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))
        places = sorted(why_by_place, key=lambda place: (-int(counts[place]), place))
        # Lines are looked up only for the most frequent: each look-up passes over the whole column.
        return tuple(
            Unreadable(
                self.values[place],
                why_by_place[place],
                int(counts[place]),
                self.lines_of(place) if rank < 100 else (),
            )
            for rank, place in enumerate(places)
        )


def distinct_column(
    values: pa.Array | pa.ChunkedArray | Sequence[str | None], lines: pa.Array | Iterable[int] | None
) -> DistinctColumn:
    """A column of strings as distinct values; `lines` are its line numbers, one per row (rows from 1 if None)."""
    if isinstance(values, pa.ChunkedArray):
        array = values.combine_chunks()
    elif isinstance(values, pa.Array):
        array = values
    else:
        array = pa.array(list(values), pa.string())
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    if lines is None:
        numbers = np.arange(1, len(codes) + 1, dtype=np.int32)
    elif isinstance(lines, pa.Array):
        numbers = lines.to_numpy(zero_copy_only=False).astype(np.int32)
    else:
        numbers = np.fromiter(lines, np.int32)
    return DistinctColumn(tuple(encoded.dictionary.to_pylist()), codes, numbers)
