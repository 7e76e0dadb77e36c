"""The century of years written with two digits."""

from __future__ import annotations

import statistics

from headway.connectors.files.date_forms import WrittenDay

PIVOT = 68  # 00-68 are 2000-2068, 69-99 are 1969-1999, as POSIX has it


Parts = tuple[int, int, int]


def full_years(days: dict[WrittenDay, Parts]) -> dict[WrittenDay, Parts]:
    """Each (year, month, day) with its full year.

    Beside dates with four-digit years in the same column, the century is the one nearest to their median.
    Otherwise the column is taken to span less than a hundred years: the two-digit years are laid on a circle,
    cut at the widest gap, and the last of them gets its century by the pivot. So 98, 99, 00, 01 is 1998-2001, and
    67, 70 is 1967-1970 rather than 2067 and 1970.
    """
    two_digit = sorted({days[key][0] % 100 for key in days if key.short_year})
    if not two_digit:
        return days
    four_digit = [days[key][0] for key in days if not key.short_year]
    if four_digit:
        middle = round(statistics.median(four_digit))
        by_year = {
            year: min((1900 + year, 2000 + year, 2100 + year), key=lambda full: abs(full - middle))
            for year in two_digit
        }
    else:
        by_year = _on_circle(two_digit)
    return {key: (by_year[parts[0] % 100], *parts[1:]) if key.short_year else parts for key, parts in days.items()}


def _on_circle(years: list[int]) -> dict[int, int]:
    gaps = [(years[index] - years[index - 1]) % 100 for index in range(len(years))]
    first = max(range(len(years)), key=lambda index: (gaps[index], -index)) if len(years) > 1 else 0
    last = years[first - 1]
    last_full = last + (2000 if last <= PIVOT else 1900)
    return {year: last_full - (last - year) % 100 for year in years}
