"""The firm's process as its sales handbook tells it: in the seller's words, with the stages of its CRM.

It is what most firms have. The demo holds it as a draft beside the process in buyer terms, to be rewritten.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

from headway.process.form import ProcessForm
from headway.process.pasted import form_from_text

NAME = "New business, as documented"
RECORD_TYPE = "New Business"


def documented_process() -> str:
    """Stages, each with what sellers are told to do in it as list items below."""
    return resources.files(__package__).joinpath("process_as_documented.txt").read_text(encoding="utf-8")


def documented_form() -> ProcessForm:
    """The draft that the demo holds: the same lines, for the same deals as the process in buyer terms."""
    return replace(form_from_text(documented_process(), name=NAME), record_types=RECORD_TYPE)
