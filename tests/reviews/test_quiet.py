"""No digest is missed and none doubled, whatever clocks do: fourteen zones, both changes, leap days, odd clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.reviews.quiet import digest_day, moment_of, next_digest_day, quiet_until, zone_of

ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
    "America/Santiago", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe",
    "Pacific/Chatham", "Pacific/Kiritimati",
)  # fmt: skip
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.dates(date(2023, 12, 25), date(2028, 3, 2))  # two leap days, both changes of each zone
BERLIN = ZoneInfo("Europe/Berlin")
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)  # in Berlin: 02:00 is 03:00, 03:00 is 02:00


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_hour_that_is_left_out_comes_at_the_change_and_one_that_comes_twice_at_its_first() -> None:
    assert moment_of(FORWARD, time(2, 30), BERLIN) == at("2026-03-29T01:00")
    assert moment_of(FORWARD, time(3, 0), BERLIN) == at("2026-03-29T01:00")
    assert moment_of(BACK, time(2, 30), BERLIN) == at("2026-10-25T00:30")
    assert moment_of(date(2026, 7, 1), time(8), BERLIN) == at("2026-07-01T06:00")


@given(days, clocks, zones)
def test_the_moment_is_the_first_at_which_the_clock_shows_it(day: date, clock: time, zone: ZoneInfo) -> None:
    moment = moment_of(day, clock, zone)
    wall = datetime.combine(day, clock)
    assert moment.astimezone(zone).replace(tzinfo=None) >= wall
    assert (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wall


@given(days, clocks, clocks, zones)
def test_moments_keep_the_order_of_clocks(day: date, one: time, other: time, zone: ZoneInfo) -> None:
    early, late = sorted((one, other))
    assert moment_of(day, early, zone) <= moment_of(day, late, zone) < moment_of(day + timedelta(1), early, zone)


@given(days, clocks, zones, st.sets(st.sampled_from("0123456"), min_size=1), st.integers(7, 180))
def test_each_chosen_day_has_one_digest_whenever_the_scheduler_comes_by(
    first: date, digest_at: time, zone: ZoneInfo, weekdays: set[str], minutes: int
) -> None:
    told: list[date] = []
    now = moment_of(first, time(0), zone)
    while now < moment_of(first + timedelta(5), time(0), zone):
        day = digest_day(now, zone, digest_at, "".join(weekdays))
        if day is not None and day not in told:
            assert now >= moment_of(day, digest_at, zone)
            assert now - moment_of(day, digest_at, zone) <= timedelta(minutes=minutes), "as soon as it is due"
            told.append(day)
        now += timedelta(minutes=minutes)
    wanted = [first + timedelta(n) for n in range(5) if str((first + timedelta(n)).weekday()) in weekdays]
    ends = [moment_of(day + timedelta(1), time(0), zone) - moment_of(day, digest_at, zone) for day in wanted]
    sure = [day for day, left in zip(wanted, ends, strict=True) if left > timedelta(minutes=minutes)]
    assert set(sure) <= set(told) <= set(wanted)
    assert told == sorted(set(told))


def test_after_thirty_days_of_standstill_there_is_one_day_to_settle_and_none_before_its_hour() -> None:
    assert digest_day(at("2026-04-01T07:00"), BERLIN, time(8), "01234") == date(2026, 4, 1)
    assert digest_day(at("2026-04-01T05:59"), BERLIN, time(8), "01234") is None
    assert digest_day(at("2026-04-04T07:00"), BERLIN, time(8), "01234") is None, "a Saturday"


def test_the_day_after_the_last_chosen_one_is_the_next_chosen() -> None:
    assert next_digest_day(date(2026, 3, 6), "01234") == date(2026, 3, 9)
    assert next_digest_day(date(2026, 3, 6), "4") == date(2026, 3, 13)
    assert next_digest_day(date(2026, 3, 6), "") == date(2026, 3, 7)


@given(st.integers(0, 4 * 366 * 1440), zones, clocks, clocks)
def test_quiet_hours_end_and_then_it_is_not_quiet(minutes: int, zone: ZoneInfo, begins: time, ends: time) -> None:
    moment = at("2024-01-01T00:00") + timedelta(minutes=minutes)
    until = quiet_until(moment, zone, begins, ends)
    if begins == ends:
        assert until is None
    if until is None:
        return
    assert moment < until <= moment + timedelta(hours=26)
    assert quiet_until(until, zone, begins, ends) is None
    assert quiet_until(until - timedelta(microseconds=1), zone, begins, ends) == until


@given(days, zones)
def test_a_night_is_quiet_throughout_and_a_day_is_not(day: date, zone: ZoneInfo) -> None:
    begins, ends = moment_of(day, time(19), zone), moment_of(day + timedelta(1), time(7), zone)
    steps = [begins + n * timedelta(minutes=20) for n in range(60)]
    for one, next_one in pairwise(steps):
        assert one < next_one
        assert (quiet_until(one, zone, time(19), time(7)) is not None) == (
            one < ends or one >= moment_of(day + timedelta(1), time(19), zone)
        )


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-28T23:00", "2026-03-29T05:00"),  # the night in which clocks go forward has an hour less
        ("2026-10-24T22:00", "2026-10-25T06:00"),
        ("2026-10-25T01:30", "2026-10-25T06:00"),  # in the hour that comes twice
    ],
)
def test_the_nights_of_both_changes(now: str, until: str) -> None:
    assert quiet_until(at(now), BERLIN, time(19), time(7)) == at(until)


def test_a_zone_that_nobody_knows_is_utc() -> None:
    assert zone_of("Mars/Base").key == "UTC"
    assert zone_of("../../etc/passwd").key == "UTC"
    assert zone_of("Europe/Berlin").key == "Europe/Berlin"
