"""One call of every action of rates, as `scenarios` has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from headway.store.actions import rates
from tests.cast import NOW

DAY = date(2026, 1, 1)


def stated(g: Any) -> Any:
    """One rate in force."""
    return rates.state_rate(
        workspace=g.workspace, currency="USD", rate=Decimal("0.9"), valid_on=DAY, by=g.cast.alice, at=NOW, source="Bank"
    )


RATES: dict[str, tuple[Any, Any]] = {
    "rates.state_rate": (lambda g: None, stated),
    "rates.withdraw_rate": (
        stated,
        lambda g: rates.withdraw_rate(workspace=g.workspace, currency="USD", valid_on=DAY, by=g.cast.alice, at=NOW),
    ),
}
