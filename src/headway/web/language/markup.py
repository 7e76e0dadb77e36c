"""What a translated template shows for a variable."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeData, SafeString

from headway.basics.language import SOURCE, language, told
from headway.basics.language.markup import told_markup


class Done(SafeString):
    """HTML that is in the language spoken already: told again, `1.200` would be taken for an English figure."""

    __slots__ = ()


def shown(value: Any) -> Any:
    """A text is told, HTML is told text by text, a field of a form by its HTML; anything else is as it was."""
    if language() == SOURCE or value is None or isinstance(value, int | float | Done):
        return value
    if isinstance(value, str):
        return SafeString(told_markup(str(value))) if isinstance(value, SafeData) else told(value)
    if hasattr(value, "__html__"):
        html = value.__html__()
        return html if isinstance(html, Done) else SafeString(told_markup(str(html)))
    if type(value).__module__.startswith(("django.forms", "django.contrib.messages", "django.utils.functional")):
        return told(str(value))  # never marked as safe: it may hold what somebody typed
    return value
