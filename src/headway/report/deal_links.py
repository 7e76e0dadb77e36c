"""Links from a named deal to its events lower down: anchors that any id can have, and sentences with links in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from markupsafe import Markup, escape

from headway.diagnosis.value import Diagnosis, Sentence

PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def anchor(deal: str) -> str:
    """`deal-…` for any id: plain ids as they are, others by a short hash, so that no sign can break the link."""
    if PLAIN_ID.fullmatch(deal):
        return f"deal-{deal}"
    return f"deal-.{hashlib.sha256(deal.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def deal_names(diagnosis: Diagnosis) -> dict[str, str]:
    """The name of every deal that is named somewhere, by id."""
    names = {example.deal: example.name for rule in diagnosis.findings for example in rule.examples}
    names |= {deal.id: deal.name for deal in diagnosis.open_deals}
    return names | {trace.deal: trace.name for trace in diagnosis.traces}


def sentence_markup(
    sentence: Sentence, names: dict[str, str], traced: frozenset[str], href: Callable[[str], str]
) -> Markup:
    """The sentence with each named deal linked, in order. A name not found in the text gets its link at the end."""
    text, rest, left_over = Markup(""), sentence.text, []
    for deal in sentence.deals:
        name = names.get(deal, "")
        if deal not in traced:
            continue
        before, found, after = rest.partition(name) if name else (rest, "", "")
        if found:
            text += escape(before) + _link(href(deal), name)
            rest = after
        else:
            left_over.append(_link(href(deal), name or deal))
    text += escape(rest)
    return text + Markup(" (") + Markup(", ").join(left_over) + Markup(")") if left_over else text


def _link(address: str, name: str) -> Markup:
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, name)
