"""Which layout a table has: all that are known, and the choice between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.basics.errors import UserError
from headway.connectors.files.layout import Layout
from headway.connectors.files.layouts import (
    hubspot_deals,
    pipedrive_deals,
    salesforce_dataloader,
    salesforce_field_history,
    salesforce_history_report,
    salesforce_opportunity_report,
)
from headway.connectors.files.lookups import listed
from headway.connectors.files.table import Table
from headway.connectors.question import Ask, Choice, Question, answer

LAYOUTS: tuple[Layout, ...] = (
    salesforce_opportunity_report.LAYOUT,
    salesforce_history_report.LAYOUT,
    salesforce_field_history.LAYOUT,
    salesforce_dataloader.LAYOUT,
    hubspot_deals.LAYOUT,
    pipedrive_deals.LAYOUT,
)
SURE = 0.6
LEAD = 0.1
POSSIBLE = 0.3


@dataclass(frozen=True, slots=True)
class Recognised:
    """The layout taken for a table, and how sure that is (1.0 where the user said it)."""

    layout: Layout
    certainty: float


def layout_of(table: Table, told: str | None, ask: Ask | None) -> Recognised:
    """The layout of a table: as told, else the one that fits surely and better than all others, else as answered.

    Raises UserError where none fits, or where several do and there is nobody to ask.
    """
    if told is not None:
        return Recognised(_by_name(told), 1.0)
    ranked = sorted(((layout.certainty(table), layout) for layout in LAYOUTS), key=lambda pair: -pair[0])
    best, layout = ranked[0]
    if best >= SURE and best - ranked[1][0] >= LEAD:
        return Recognised(layout, best)
    possible = [layout for certainty, layout in ranked if certainty >= POSSIBLE]
    if not possible:
        raise UserError(
            f"{table.name} has the layout of no export known here (its columns: {listed(table)}); pass"
            " `--mapping FILE`, name its columns (`--column id=COLUMN --column stage=COLUMN`), or `--layout NAME`."
        )
    question = Question(
        f"{table.name} does not surely have any one layout.",
        "--layout",
        tuple(Choice(layout.name, layout.crm) for layout in possible),
    )
    return Recognised(_by_name(answer(question, ask)), 1.0)


def _by_name(name: str) -> Layout:
    for layout in LAYOUTS:
        if layout.name == name:
            return layout
    raise UserError(f"{name!r} is no layout; known are {', '.join(names())}, and `--mapping FILE` for all else.")


def names() -> Sequence[str]:
    """The names that `--layout` takes."""
    return [layout.name for layout in LAYOUTS]
