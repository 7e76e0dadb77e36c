"""The firm's process as its sales handbook tells it: in the seller's words, with the stages of its CRM.

It is what most firms have. The demo holds it as a draft beside the process in buyer terms, to be rewritten.
"""

from __future__ import annotations

from importlib import resources

NAME = "New business, as documented"


def documented_process() -> str:
    """Stages, each with what sellers are told to do in it as list items below."""
    return resources.files(__package__).joinpath("process_as_documented.txt").read_text(encoding="utf-8")
