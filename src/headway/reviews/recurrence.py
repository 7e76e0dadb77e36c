"""How often a review recurs: a small closed part of iCalendar's RRULE (RFC 5545, 3.3.10), read, written and said.

`FREQ=WEEKLY` on one or more weekdays, every 1 to 12 weeks; `FREQ=MONTHLY` on one weekday (`1TU`: the first, `-1FR`: the
last) or one day of the month (1 to 28, -1: the last), every 1 to 12 months. A rhythm ends by being ended, so there is
no COUNT and no UNTIL; nothing recurs more than once a day, so that no rule can cost more than its years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from headway.basics.errors import UserError

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
MOST = 12  # weeks or months between two
NTH_DAY = re.compile(r"(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)")
LAST_SURE_DAY = 28  # the last that every month has
REFUSED = (
    "This is no rule for a review: it recurs every 1 to 12 weeks on weekdays, or every 1 to 12 months on one day,"
    " as in FREQ=WEEKLY;BYDAY=WE or FREQ=MONTHLY;BYDAY=1TU."
)


class Every(StrEnum):
    """How often, as a form offers it."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    QUARTER = "quarter"


EVERY_WORDS = {
    Every.WEEK: "Every week",
    Every.FORTNIGHT: "Every two weeks",
    Every.MONTH: "Every month",
    Every.QUARTER: "Every three months",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was checked. `weekdays`: 0 Monday ... 6; with `nth` (1 to 4, -1) one of them, of the month.

    `month_day`: 1 to 28, or -1 for the last. Exactly one of weekdays and month_day is given.
    """

    monthly: bool
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int | None = None
    month_day: int | None = None

    @property
    def period_days(self) -> float:
        """Days between two occurrences, on average (a month counts 30)."""
        return 30.0 * self.interval if self.monthly else 7.0 * self.interval / len(self.weekdays)

    @property
    def text(self) -> str:
        """As an RRULE, always in one form."""
        parts = ["FREQ=MONTHLY" if self.monthly else "FREQ=WEEKLY"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.month_day is not None:
            parts.append(f"BYMONTHDAY={self.month_day}")
        else:
            parts.append("BYDAY=" + ",".join(f"{self.nth or ''}{CODES[one]}" for one in self.weekdays))
        return ";".join(parts)


def read_rule(text: str) -> Rule:
    """The rule that an RRULE without its start says. UserError for any other than the closed form above."""
    given: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, is_there, value = part.partition("=")
        if not is_there or name in given or name not in ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY"):
            raise UserError(REFUSED)
        given[name] = value
    interval = given.get("INTERVAL", "1")
    if not re.fullmatch(r"[0-9]{1,2}", interval) or not 1 <= int(interval) <= MOST:
        raise UserError(REFUSED)
    if given.get("FREQ") == "WEEKLY" and "BYMONTHDAY" not in given:
        return Rule(monthly=False, interval=int(interval), weekdays=_weekdays(given.get("BYDAY", "")))
    if given.get("FREQ") == "MONTHLY" and ("BYDAY" in given) != ("BYMONTHDAY" in given):
        return _monthly(int(interval), given.get("BYDAY", ""), given.get("BYMONTHDAY", ""))
    raise UserError(REFUSED)


def rule_from(every: Every, first_on: date) -> Rule:
    """The rule whose first occurrence is on `first_on`: its weekday, of a month the same one (a fifth: the last)."""
    weekday = (first_on.weekday(),)
    if every in (Every.WEEK, Every.FORTNIGHT):
        return Rule(monthly=False, interval=1 if every == Every.WEEK else 2, weekdays=weekday)
    nth = (first_on.day - 1) // 7 + 1
    return Rule(
        monthly=True, interval=1 if every == Every.MONTH else 3, weekdays=weekday, nth=nth if nth in NTH else -1
    )


def every_of(rule: Rule) -> Every | None:
    """Which of the form's choices this is; None for one that only a rule can say."""
    plain = len(rule.weekdays) == 1
    found = {
        (False, 1): Every.WEEK, (False, 2): Every.FORTNIGHT, (True, 1): Every.MONTH, (True, 3): Every.QUARTER
    }.get((rule.monthly, rule.interval))  # fmt: skip
    return found if plain else None


def rule_words(rule: Rule) -> str:
    """As people say it: Every second Wednesday; The first Tuesday of every month."""
    days = _listed([WEEKDAYS[one] for one in rule.weekdays])
    if not rule.monthly:
        if rule.interval <= 2:
            return f"Every {days}" if rule.interval == 1 else f"Every second {days}"
        return f"Every {rule.interval} weeks on {days}"
    if rule.month_day is not None:
        day = "last day" if rule.month_day == -1 else _ordinal(rule.month_day)
    else:
        day = f"{NTH[rule.nth or 1]} {days}"
    months = "every month" if rule.interval == 1 else f"every {_ordinal(rule.interval)} month"
    return f"The {day} of {months}"


def _weekdays(text: str) -> tuple[int, ...]:
    codes = text.split(",")
    if not all(code in CODES for code in codes) or len(set(codes)) != len(codes):
        raise UserError(REFUSED)
    return tuple(sorted(CODES.index(code) for code in codes))


def _monthly(interval: int, by_day: str, by_month_day: str) -> Rule:
    if by_month_day:
        if not re.fullmatch(r"-1|[0-9]{1,2}", by_month_day) or not -1 <= int(by_month_day) <= LAST_SURE_DAY:
            raise UserError(REFUSED)
        if int(by_month_day) == 0:
            raise UserError(REFUSED)
        return Rule(monthly=True, interval=interval, month_day=int(by_month_day))
    found = NTH_DAY.fullmatch(by_day)
    if not found:
        raise UserError(REFUSED)
    return Rule(monthly=True, interval=interval, weekdays=(CODES.index(found[2]),), nth=int(found[1]))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _ordinal(n: int) -> str:
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 6: "sixth", 12: "twelfth"}
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return words.get(n, f"{n}{ending}")
