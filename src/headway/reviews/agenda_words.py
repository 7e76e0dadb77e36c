"""Why a deal is on the agenda: one to three short sentences that name figures, the weightiest first.

The chance is not told, in figures or in words: people call it blind, in five steps, before they are shown it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from headway.basics.figures import count_text, counted
from headway.basics.money import money_text
from headway.evidence.kinds import Standing
from headway.reviews.candidate import Called, Candidate

MOST_SENTENCES = 3
FEWEST_PAST = 5  # past deals from which on their counts are told
NEAR_DAYS = 30  # a close date this near, or gone by, is a reason
OPEN = (0.2, 0.8)  # chances between which the outcome is called open


def sentences_of(one: Candidate, called: Called) -> tuple[str, ...]:
    """At most three: promises, then the money, then what weighs most of what the buyer did and what is left to do."""
    promised = list(_promised(one, called))
    rest = [*([one.shared] if one.shared else []), *_evidence(one), *_to_do(one)]
    return tuple(_sentence(text) for text in [*promised[:1], _money(one), *promised[1:], *rest][:MOST_SENTENCES])


def _promised(one: Candidate, called: Called) -> Iterator[str]:
    for text in one.broken:
        yield f"promise not kept: {text}"
    for text in one.promises_due:
        reminded = f", reminded {_times(one.reminded)}" if called is Called.REMINDED else ""
        yield f"promise{reminded}: {text}"
    if called is Called.REMINDED and not one.promises_due:
        yield f"reminded {_times(one.reminded)} that the buyer is silent, and nothing moved"


def _money(one: Candidate) -> str:
    amount = money_text(one.amount, one.currency) if one.amount is not None else "no amount yet"
    if one.chance is None:
        return f"{amount}, and no forecast speaks of it"
    return f"{amount}, and it can still go either way" if OPEN[0] <= one.chance <= OPEN[1] else amount


def _evidence(one: Candidate) -> Iterator[str]:
    """What the buyer did, or did not."""
    if one.overdue_days > 0:
        yield f"what the buyer agreed to do is {counted(one.overdue_days, 'day')} overdue"
    if one.standing is Standing.UNSEEN or one.silence_days is None:
        yield "nothing the buyer did was ever seen"
    elif one.silence_days > one.silence_limit_days:
        silent = f"nobody at the buyer moved for {counted(int(one.silence_days), 'day')}"
        yield f"{silent}; {_past(one.past, one.past_won)}" if one.past >= FEWEST_PAST else silent
    if one.gap is not None and one.gap > 0:
        yield f"claimed {counted(one.gap, 'stage')} ahead of what the buyer has shown"


def _to_do(one: Candidate) -> Iterator[str]:
    if one.steps:
        more = f", and {counted(len(one.steps) - 1, 'more step')}" if len(one.steps) > 1 else ""
        yield f"not done yet: {_first(one.steps)}{more}"
    if one.close_days is not None and one.close_days <= NEAR_DAYS and one.open_milestones:
        yield f"{_closes(one.close_days)} with {counted(one.open_milestones, 'milestone')} open"
    yield from (text for text in one.findings if text != one.shared)
    if one.open_milestones:
        still = f"{counted(one.open_milestones, 'milestone')} {'is' if one.open_milestones == 1 else 'are'} still open"
        yield f"{_moved(one.silence_days)}, and {still}" if one.silence_days is not None else still


def _moved(days: float) -> str:
    return "the buyer moved today" if days < 1 else f"the buyer moved {counted(int(days), 'day')} ago"


def _past(past: int, won: int) -> str:
    said = "none was won" if not won else f"{count_text(won)} {'was' if won == 1 else 'were'} won"
    return f"of {count_text(past)} like it {said}"


def _closes(days: int) -> str:
    if days < 0:
        return f"its close date passed {counted(-days, 'day')} ago"
    return "it closes today" if days == 0 else f"it closes in {counted(days, 'day')}"


def _first(texts: Sequence[str]) -> str:
    text = texts[0].strip().rstrip(".")
    return text[:1].lower() + text[1:]


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "?", "!", "”")) else ".")
