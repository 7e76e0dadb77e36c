"""How the score of an own way is said: one sentence or two, with the figures behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.conformance.shares import Share
from headway.deals.predictions import Predicted

if TYPE_CHECKING:
    from headway.verdict.own_ways import Compared

EXPECTED = {
    Predicted.WON: "expected to be won",
    Predicted.PROVEN: "expecting the buyer to have done it by then",
    Predicted.ENDED: "expected to end without being won",
}


def sentence_of(
    label: str,
    predicted: Predicted | None,
    allowed: int,
    came: Share,
    compared: Compared | None,
    word: str,
    more: int | None,
) -> str:
    """For example: "Allowed 14 times, expected to be won: 9 of 12 were (75 %, 90 % interval 52 to 89 %); ..."."""
    times = "once" if allowed == 1 else f"{allowed} times"
    if predicted is None:
        return f"{label}: allowed {times} without saying what is expected, so it cannot be scored. Say it next time."
    begins = f"{label}: allowed {times}, {EXPECTED[predicted]}"
    if came.value is None:
        return f"{begins}. None of these deals is far enough to tell."
    scored = f"{begins}; {came.done} of {came.n} came true ({_share(came)})"
    if compared is None:
        return f"{scored}. Too few deals alike to compare with."
    aside = "" if compared.mine.n == came.n else f" ({compared.mine.n} could be compared)"
    against = f"deals alike without the exception: {100 * compared.expected:.0f} %{aside}"
    return f"{scored}; {against}. {_ends(predicted, compared, word, more)}"


def _ends(predicted: Predicted, compared: Compared, word: str, more: int | None) -> str:
    difference = (
        f"difference {100 * compared.difference:+.0f} points, 90 % interval {100 * compared.low:+.0f} to "
        f"{100 * compared.high:+.0f}"
    ).replace("-", "−")
    if word == "not better":
        return f"Surely worse than that ({difference}): keep to the process here."
    if word == "unknown":
        ask = f"about {more} more such deals" if more else "many more such deals"
        return f"Cannot be told yet ({difference}): it takes {ask}."
    if predicted is Predicted.ENDED:
        return f"The prediction can be trusted ({difference}): end such deals early, nobody is blamed for it."
    return f"Surely not worse ({difference}): try it as the new way, on a randomly chosen half of new deals."


def _share(came: Share) -> str:
    return f"{100 * (came.value or 0):.0f} %, 90 % interval {100 * came.low:.0f} to {100 * came.high:.0f} %"
