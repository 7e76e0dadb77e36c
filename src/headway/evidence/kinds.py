"""Grades of evidence, states of a milestone, standings of a deal: the closed lists."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Grade(IntEnum):
    """How much a piece of evidence is worth, by provenance, never by what was typed."""

    WORD = 0  # the seller's word
    QUOTED = 1  # the seller's word with an artefact or a quote
    WRITTEN = 2  # written by the buyer: a mail with its header, a file from them
    SEEN = 3  # the buyer's act in a shared or signed system, or seen by a connector
    CORROBORATED = 4  # by a second contact


class State(StrEnum):
    """What stands of a milestone as of a moment, best first."""

    PROVEN = "proven"
    DISPUTED = "disputed"
    LAPSED = "lapsed"
    WEAK = "weak"
    OPEN = "open"


class Standing(StrEnum):
    """What a deal is doing."""

    ADVANCING = "advancing"
    WAITING = "waiting"  # an agreed act is not yet due
    DRIFTING = "drifting"  # the seller is active, the buyer silent
    QUIET = "quiet"  # both are silent
    UNSEEN = "unseen"  # no buyer act was ever observed
    DECIDED = "decided"
