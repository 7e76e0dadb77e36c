"""One call of every action of the second factor, as `scenarios` has them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from headway.store.actions import second_factor
from tests.cast import NOW


def with_one(g: Any) -> None:
    """Bob has an authenticator app."""
    Authenticator.objects.create(user=g.cast.bob, type="totp", data={"secret": "sealed"})


SECOND_FACTOR: dict[str, tuple[Any, Any]] = {
    "second_factor.ask_for_second_factor": (
        lambda g: None,
        lambda g: second_factor.ask_for_second_factor(workspace=g.workspace, since=NOW, by=g.cast.alice, at=NOW),
    ),
    "second_factor.lift_second_factor": (
        with_one,
        lambda g: second_factor.lift_second_factor(person=g.cast.bob, at=NOW),
    ),
}
