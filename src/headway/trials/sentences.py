"""What a trial says, in one or two plain sentences with their figures."""

from __future__ import annotations

from headway.basics.figures import counted
from headway.trials.assignment import AS_USUAL, LEFT_OUT
from headway.trials.course import BETTER_WITH, BETTER_WITHOUT, NO_DIFFERENCE, Course, Look
from headway.trials.sequential import deals_until


def trial_sentence(seen: Course, horizon_days: float, margin: float, *, leaves: bool, ended: bool) -> str:
    """The whole of it. `leaves`: the other arm leaves the step out; else it asks in other words."""
    last, other = seen.last, "Left out" if leaves else "In other words"
    if last.value is None:
        return _too_early(seen, horizon_days, ended)
    says = {
        BETTER_WITHOUT: "Stop: leave it out from now on." if leaves else "Stop: take the other words from now on.",
        BETTER_WITH: "Stop: keep asking for it." if leaves else "Stop: keep the words it has.",
        NO_DIFFERENCE: f"Stop: it makes no difference of {_points(margin)} points or more.",
    }.get(seen.state)
    found = f"{other}, {_span(last)}"
    if says:
        return f"{says} {found}"
    return f"Ended before there was an answer. {found}" if ended else f"Go on. {found} {needed(last, margin)}"


def arm_sentence(arm: str, words: str) -> str:
    """What a deal's arm asks of its seller. `words`: the step's text, or the other words."""
    words = words.strip().rstrip(".")
    if arm == LEFT_OUT:
        return f"Trial: leave out “{words}” on this deal."
    if arm == AS_USUAL:
        return f"Trial: on this deal do “{words}”, as the process asks."
    return f"Trial: on this deal it is asked in other words: “{words}”."


def needed(last: Look, margin: float) -> str:
    """About how many more deals it takes, should the difference stay what it is."""
    if last.value is None:
        return ""
    won = (last.usual_won + last.other_won) / last.deals
    total = deals_until(last.value, won, margin=margin)
    if total is None:
        return "The difference lies close to the margin: no end is in sight."
    more = max(10, round(max(total - last.deals, 10), -1))
    return f"About {more:,} more decided deals."


def _too_early(seen: Course, horizon_days: float, ended: bool) -> str:
    assigned = seen.usual + seen.other
    begun = f"{counted(assigned, 'deal')} assigned, {seen.decided:,} decided."
    if ended:
        return f"Ended before there was anything to compare: {begun}"
    rule = f"A deal counts once 19 in 20 of those assigned up to it are decided or {round(horizon_days)} days old"
    return f"Too early: {begun} {rule}, because lost deals are decided first."


def _span(last: Look) -> str:
    assert last.value is not None and last.low is not None and last.high is not None
    least, value, most = _points(last.low), _points(last.value), _points(last.high)
    middle = "as many deals are won" if value == 0 else f"{_more(value)} deals are won"
    return f"{middle} ({_range(least, most)} possible; {counted(last.deals, 'deal')}, 90 % interval over all looks)."


def _range(least: int, most: int) -> str:
    if least >= 0:
        return f"{least} to {most} more"
    if most <= 0:
        return f"{-most} to {-least} fewer"
    return f"{-least} fewer to {most} more"


def _more(points: int) -> str:
    return f"{abs(points)} {'point' if abs(points) == 1 else 'points'} {'more' if points > 0 else 'fewer'}"


def _points(share: float) -> int:
    return round(100 * share)
