"""Published process versions as the domain's frozen values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from headway.conformance.pinning import choices_for
from headway.process.definition import Process
from headway.process.loader import parse_process
from headway.store.models import Process as ProcessRow
from headway.store.models import ProcessVersion, Workspace


@lru_cache(maxsize=512)
def _parsed(pk: int, text: str) -> Process:
    return parse_process(text, f"version {pk}")


def process_of(version: ProcessVersion) -> Process:
    """The version as a process, with its number as version. Published text never changes, so it is parsed once."""
    parsed = _parsed(version.pk, version.text)
    return replace(parsed, version=str(version.number or "draft"), valid_from=version.valid_from)


def list_published(workspace: Workspace) -> list[ProcessVersion]:
    """Every published version of every process in use, oldest first: what an analysis is made against."""
    found = ProcessVersion.objects.filter(
        workspace=workspace, number__isnull=False, withdrawn_at=None, process__archived_at=None
    )
    return list(found.select_related("process").order_by("process_id", "number")[:500])


def newest_of(process: ProcessRow) -> ProcessVersion | None:
    """Its published version in force; None where none was published."""
    found = ProcessVersion.objects.filter(process=process, number__isnull=False, withdrawn_at=None)
    return found.order_by("-number").first()


def find_version_for(
    workspace: Workspace, *, pipeline: str, record_type: str, created_on: date
) -> ProcessVersion | None:
    """The version that a deal of this kind, created on this day, belongs to; as in `headway.conformance.pinning`."""
    versions = list_published(workspace)
    processes = [process_of(version) for version in versions]
    choices = choices_for(pipeline or None, record_type or None, processes)
    return next((versions[c.process] for c in choices if c.start <= created_on < c.end), None)
