"""When reviews take place: the local time holds across both changes of the clocks, in every zone and year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from headway.basics.errors import UserError
from headway.reviews.recurrence import Every, Rule, read_rule, rule_from, rule_words
from headway.reviews.rhythm import Recurring, grace_days, local_day, next_occurrence, occurrences

ZONES = (
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Tehran", "Asia/Gaza", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe",
    "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "America/Nuuk", "Antarctica/Troll", "UTC",
)  # fmt: skip
DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))
TIMES = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
RULES = st.one_of(
    st.builds(
        Rule, monthly=st.just(False), interval=st.integers(1, 12),
        weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
    st.builds(
        Rule, monthly=st.just(True), interval=st.integers(1, 12), weekdays=st.tuples(st.integers(0, 6)),
        nth=st.sampled_from([1, 2, 3, 4, -1]),
    ),
    st.builds(
        Rule, monthly=st.just(True), interval=st.integers(1, 12),
        month_day=st.one_of(st.just(-1), st.integers(1, 28)),
    ),
)  # fmt: skip


def weekly(zone: str, first_on: date, starts: time = time(10)) -> Recurring:
    return Recurring(first_on, starts, zone, rule_from(Every.WEEK, first_on).text, 30)


def offset_changes(zone: ZoneInfo, moment: datetime) -> bool:
    """Whether the clocks change within a day of this moment."""
    return len({(moment + timedelta(hours=h)).astimezone(zone).utcoffset() for h in range(-24, 25)}) > 1


@given(zone=st.sampled_from(ZONES), first_on=DAYS, rule=RULES, starts=TIMES)
def test_every_occurrence_is_at_its_local_time_on_a_day_of_the_rule(
    zone: str, first_on: date, rule: Rule, starts: time
) -> None:
    there = ZoneInfo(zone)
    since = datetime.combine(first_on, time(), UTC) - timedelta(days=2)
    found = occurrences(Recurring(first_on, starts, zone, rule.text, 30), since, since + timedelta(days=800))
    assert list(found) == sorted(set(found))
    for moment in found:
        local = moment.astimezone(there)
        if not offset_changes(there, moment):
            assert (local.hour, local.minute) == (starts.hour, starts.minute)
            assert local.date() >= first_on
            if rule.weekdays:
                assert local.weekday() in rule.weekdays
            if rule.nth and rule.nth > 0:
                assert (local.day - 1) // 7 + 1 == rule.nth
            if -1 in (rule.nth, rule.month_day):
                assert (local + timedelta(days=7 if rule.nth else 1)).month != local.month


@given(zone=st.sampled_from(ZONES), first_on=DAYS, starts=TIMES, weeks=st.integers(1, 120))
def test_no_week_is_missed_and_none_is_doubled(zone: str, first_on: date, starts: time, weeks: int) -> None:
    recurring = weekly(zone, first_on, starts)
    since = datetime.combine(first_on, time(), UTC) - timedelta(days=2)
    until = datetime.combine(first_on + timedelta(weeks=weeks), time(), UTC) - timedelta(days=2)
    found = occurrences(recurring, since, until)
    assert len(found) in (weeks - 1, weeks, weeks + 1)  # the ends are local, the window is not
    for one, other in pairwise(found):
        assert timedelta(days=6) < other - one < timedelta(days=8)


@given(zone=st.sampled_from(ZONES), first_on=DAYS, rule=RULES, starts=TIMES, cut=st.integers(0, 400 * 24))
def test_asking_in_two_parts_gives_what_asking_at_once_gives(
    zone: str, first_on: date, rule: Rule, starts: time, cut: int
) -> None:
    recurring = Recurring(first_on, starts, zone, rule.text, 30)
    since = datetime.combine(first_on, time(), UTC) - timedelta(days=2)
    middle, until = since + timedelta(hours=cut), since + timedelta(days=400)
    whole = occurrences(recurring, since, until)
    assert occurrences(recurring, since, middle) + occurrences(recurring, middle, until) == whole
    assert next_occurrence(recurring, since) in (*whole[:1], next_occurrence(recurring, until))


@given(zone=st.sampled_from(ZONES), first_on=DAYS, rule=RULES, data=st.data())
def test_holidays_take_occurrences_away_and_move_none(
    zone: str, first_on: date, rule: Rule, data: st.DataObject
) -> None:
    recurring = Recurring(first_on, time(10), zone, rule.text, 30)
    since = datetime.combine(first_on, time(), UTC) - timedelta(days=2)
    every = occurrences(recurring, since, since + timedelta(days=300))
    assume(every)
    free = {local_day(moment, zone) for moment in data.draw(st.sets(st.sampled_from(every)))}
    held = occurrences(recurring, since, since + timedelta(days=300), free)
    assert held == tuple(moment for moment in every if local_day(moment, zone) not in free)


@pytest.mark.parametrize(
    ("zone", "first_on", "utc_hours"),
    [
        ("Europe/Berlin", date(2026, 3, 25), (9, 8)),  # on: 29 March
        ("Europe/Berlin", date(2026, 10, 21), (8, 9)),  # back: 25 October
        ("America/New_York", date(2026, 3, 4), (15, 14)),
        ("America/New_York", date(2026, 10, 28), (14, 15)),
        ("Australia/Lord_Howe", date(2026, 4, 1), (23, 23)),  # half an hour only
        ("Asia/Kolkata", date(2026, 3, 25), (4, 4)),
    ],
)
def test_ten_o_clock_stays_ten_o_clock(zone: str, first_on: date, utc_hours: tuple[int, int]) -> None:
    found = occurrences(weekly(zone, first_on), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert tuple(moment.hour for moment in found[:2]) == utc_hours
    assert all(moment.astimezone(ZoneInfo(zone)).time() == time(10) for moment in found)


def test_a_time_that_the_clocks_skip_and_one_that_comes_twice() -> None:
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    early = weekly("Europe/Berlin", date(2026, 3, 22), time(2, 30))
    found = {moment.date(): moment for moment in occurrences(early, begin, end)}
    assert found[date(2026, 3, 29)].time() == time(1, 30)  # 02:30 does not exist: it is at 03:30 summer time
    assert found[date(2026, 10, 25)].time() == time(0, 30)  # 02:30 comes twice: the first, still summer time


def test_a_day_that_a_zone_leaves_out_is_not_held_twice() -> None:
    rule = Rule(monthly=False, weekdays=(4, 5)).text  # Samoa went from Thursday 29 to Saturday 31 December 2011
    samoa = Recurring(date(2011, 12, 23), time(10), "Pacific/Apia", rule, 30)
    found = occurrences(samoa, datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 3, tzinfo=UTC))
    assert [moment.isoformat() for moment in found] == ["2011-12-30T20:00:00+00:00"]


def test_the_leap_day_is_a_day_like_others() -> None:
    last = Recurring(date(2028, 1, 31), time(9), "Europe/Berlin", "FREQ=MONTHLY;BYMONTHDAY=-1", 60)
    found = occurrences(last, datetime(2028, 1, 1, tzinfo=UTC), datetime(2028, 4, 1, tzinfo=UTC))
    assert [local_day(moment, "Europe/Berlin").isoformat() for moment in found] == [
        "2028-01-31", "2028-02-29", "2028-03-31",
    ]  # fmt: skip
    assert local_day(occurrences(weekly("UTC", date(2028, 2, 22)), found[0], found[2])[1], "UTC") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY", "FREQ=DAILY", "FREQ=HOURLY;INTERVAL=1", "FREQ=YEARLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=WE;COUNT=9",
        "FREQ=WEEKLY;BYDAY=WE;COUNT=999999999", "FREQ=WEEKLY;BYDAY=WE;UNTIL=20270101", "FREQ=WEEKLY", "",
        "FREQ=WEEKLY;BYDAY=1WE", "FREQ=WEEKLY;BYDAY=WE,WE", "FREQ=WEEKLY;INTERVAL=0;BYDAY=WE", "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=WEEKLY;INTERVAL=99;BYDAY=WE", "FREQ=WEEKLY;INTERVAL=-1;BYDAY=WE", "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=1MO,2MO",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=3", "FREQ=WEEKLY;BYDAY=WE;BYSETPOS=1", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=1,2,3",
        "FREQ=WEEKLY;BYDAY=WE\r\nEXRULE:FREQ=DAILY", "FREQ=WEEKLY;FREQ=SECONDLY;BYDAY=WE",
        "FREQ=WEEKLY;INTERVAL=²;BYDAY=WE",
    ],
)  # fmt: skip
def test_only_harmless_rules_are_taken(text: str) -> None:
    with pytest.raises(UserError, match="no rule for a review"):
        read_rule(text)


@given(text=st.text() | st.from_regex(r"(FREQ=[A-Z]{5,8};)?(BY[A-Z]{3,8}=[-0-9A-Z,]{1,9};?){0,3}", fullmatch=True))
def test_any_text_is_a_rule_or_is_refused(text: str) -> None:
    try:
        rule = read_rule(text)
    except UserError:
        return
    assert read_rule(rule.text) == rule


@given(rule=RULES)
def test_a_rule_reads_as_it_was_written_and_is_said(rule: Rule) -> None:
    assert read_rule(rule.text) == rule
    assert read_rule(f"RRULE:{rule.text.lower()}") == rule
    assert rule_words(rule)[0].isupper()
    assert 0 <= grace_days(rule) <= 7


@given(every=st.sampled_from(Every), first_on=DAYS)
def test_the_first_day_that_was_chosen_is_the_first_occurrence(every: Every, first_on: date) -> None:
    recurring = Recurring(first_on, time(10), "Europe/Berlin", rule_from(every, first_on).text, 30)
    first = next_occurrence(recurring, datetime.combine(first_on, time(), UTC) - timedelta(days=1))
    assert first is not None
    assert local_day(first, "Europe/Berlin") == first_on


@pytest.mark.parametrize(
    ("text", "said", "grace"),
    [
        ("FREQ=WEEKLY;BYDAY=WE", "Every Wednesday", 3),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every second Tuesday", 7),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU", "Every 3 weeks on Tuesday", 7),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "Every Monday and Thursday", 1),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every Monday, Tuesday, Wednesday, Thursday and Friday", 0),
        ("FREQ=MONTHLY;BYDAY=1MO", "The first Monday of every month", 7),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "The last Friday of every third month", 7),
        ("FREQ=MONTHLY;BYMONTHDAY=22", "The 22nd of every month", 7),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "The last day of every month", 7),
    ],
)
def test_rules_in_words_and_how_long_a_review_can_be_made_up_for(text: str, said: str, grace: int) -> None:
    assert rule_words(read_rule(text)) == said
    assert grace_days(read_rule(text)) == grace


def test_a_zone_that_is_none_is_told() -> None:
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    for zone in ("Europe/Atlantis", "", "../../etc/passwd", "/etc/localtime", "\x00"):
        with pytest.raises(UserError, match="no time zone"):
            occurrences(weekly(zone, date(2026, 3, 4)), begin, end)
