"""What a person prefers for themselves: no event, no audit, nobody else's business."""

from __future__ import annotations

from headway.basics.errors import UserError
from headway.store.models import Person

THEMES = ("", "light", "dark")


def set_theme(*, by: Person, theme: str) -> None:
    """Light, dark, or empty for as the system does."""
    if theme not in THEMES:
        raise UserError(f"Appearance {theme[:20]!r} is not known: choose light, dark or system.")
    by.theme = theme
    by.save(update_fields=["theme"])


def set_keys(*, by: Person, on: bool) -> None:
    """Whether single keys act as shortcuts."""
    by.keys_on = on
    by.save(update_fields=["keys_on"])
