"""Columns that are ISO 8601 throughout, read by Arrow: nothing to decide, and often millions of distinct values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from headway.connectors.files.date_forms import FIRST_YEAR, LAST_YEAR

_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
_PLAIN = f"{_DAY}({_TIME})?$"
_UTC = f"{_DAY}{_TIME}(Z|[+]00:?00)$"
_DAY_US = 86_400_000_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def parsed(values: Sequence[str], missing: Sequence[bool], zone: ZoneInfo | None) -> tuple[pa.Array, bool, bool] | None:
    """Timestamps (us, UTC), whether any has a time of day, and whether the zone is stated; None if not all are ISO.

    Only two forms are taken: all without a zone, or all in UTC. Anything else, and any impossible day, is left
    to the careful way, which can say what is wrong with which value.
    """
    texts = pa.array(values, pa.string(), mask=pa.array(missing, pa.bool_()).to_numpy(zero_copy_only=False))
    stated = _all_match(texts, _UTC)
    if not stated and not _all_match(texts, _PLAIN):
        return None
    if stated:
        texts = pc.replace_substring_regex(texts, "(Z|[+]00:?00)$", "")
    try:
        at = texts.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    years = pc.min_max(pc.year(at)).as_py()
    if years["min"] is None or years["min"] < FIRST_YEAR or years["max"] > LAST_YEAR:
        return None
    numbers = at.cast(pa.int64())
    days = pc.multiply(pc.floor(pc.divide(numbers.cast(pa.float64()), float(_DAY_US))), float(_DAY_US))
    has_time = bool(pc.any(pc.not_equal(days.cast(pa.int64(), safe=False), numbers)).as_py())
    if has_time and not stated and zone is not None:
        timed = pc.greater(pc.utf8_length(texts), 10).to_pylist()
        moved = [
            in_zone(number, zone) if number is not None and is_timed else number
            for number, is_timed in zip(numbers.to_pylist(), timed, strict=True)
        ]
        numbers = pa.array(moved, pa.int64())
    return numbers.cast(pa.timestamp("us", "UTC")), has_time, stated


def in_zone(microseconds: int, zone: ZoneInfo) -> int:
    """A local time (as microseconds since 1970 as if it were UTC) to microseconds UTC.

    An hour that occurs twice when summer time ends is taken to be the first; one that never occurs, when it
    begins, is moved forward.
    """
    local = (_EPOCH + dt.timedelta(microseconds=microseconds)).replace(tzinfo=zone)
    offset = local.utcoffset() or dt.timedelta()
    return microseconds - (offset.days * 86_400 + offset.seconds) * 1_000_000


def _all_match(texts: pa.Array, pattern: str) -> bool:
    matched = pc.all(pc.match_substring_regex(texts, pattern)).as_py()
    return bool(matched) and texts.null_count < len(texts)
