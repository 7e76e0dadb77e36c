"""One call of every action of corrections, as `scenarios` has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from headway.reviews.correction import How, look_again
from headway.store.actions import corrections
from headway.store.models import Correction, DealFinding
from tests.cast import NOW


def found(g: Any) -> DealFinding:
    """An open finding on the deal."""
    return DealFinding.objects.create(
        workspace=g.workspace, deal=g.deal, rule="skip", what="Went past a stage.", mark="c" * 40, first_seen_at=NOW
    )


def correct(g: Any) -> Correction:
    """Coached, to be looked at again in four weeks."""
    return corrections.correct_finding(
        finding=g.last(DealFinding), how=How.COACHED, note="Ask who signs",
        look_again_on=(NOW + timedelta(days=28)).date(), **g.who,
    )  # fmt: skip


def corrected(g: Any) -> None:
    """One that was ended."""
    found(g)
    correct(g)


CORRECTIONS: dict[str, tuple[Any, Any]] = {
    "corrections.correct_finding": (found, correct),
    "corrections.take_back_correction": (
        corrected, lambda g: corrections.take_back_correction(correction=g.last(Correction), **g.who),
    ),
    "corrections.record_look": (
        corrected,
        lambda g: corrections.record_look(
            correction=g.last(Correction), look=look_again((), coached_at=NOW, at=NOW), at=NOW
        ),
    ),
}  # fmt: skip
