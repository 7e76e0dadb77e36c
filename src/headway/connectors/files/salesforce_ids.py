"""Ids of Salesforce: 15 characters that mind case, or 18 with three more that only guard against losing it."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

OPPORTUNITY_ID = re.compile(r"006[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?")
_EIGHTEEN = r"^[0-9a-zA-Z]{15}[0-5A-Z]{3}$"


def short_ids(ids: pa.Array) -> pa.Array:
    """Each id as its first 15 characters, so that exports with 15 and with 18 name the same deal alike."""
    return pc.if_else(pc.match_substring_regex(ids, _EIGHTEEN), pc.utf8_slice_codeunits(ids, 0, 15), ids)


def looks_like_opportunity(text: str) -> bool:
    """Whether a text has the form of an opportunity's id."""
    return OPPORTUNITY_ID.fullmatch(text) is not None
