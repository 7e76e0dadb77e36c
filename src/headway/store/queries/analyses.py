"""What the analysis job stored, as pages read it; and what one deal's row needs to know of the whole workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from headway.process.definition import Process
from headway.store.models import Analysis as AnalysisRow
from headway.store.models import Job, Workspace

__all__ = ["AnalysisRow", "Newest", "Scale"]


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest analysis: when it was made, of how many deals, and the five sentences as HTML of our own making."""

    as_of: datetime
    finished_at: datetime
    deals: int
    observed_deals: int
    short: str
    summary: dict[str, Any]

    @property
    def sections(self) -> list[list[str]]:
        """(id, name) of the sections of the diagnosis, as the analysis stored them."""
        return self.summary.get("sections") or [["movement", "Movement"], ["log", "What was read"]]


@dataclass(frozen=True, slots=True)
class Scale:
    """What a deal is measured by: `limit_days` of silence from the company's own past (None: as its process says) and
    the typical amount of open deals (None where there is none), in `currency`. `rates`: what one of others is worth."""

    limit_days: float | None = None
    typical_amount: float | None = None
    currency: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)

    def rate(self, currency: str) -> float | None:
        """What one unit is worth in the main currency; None where nobody stated it."""
        return 1.0 if currency in ("", self.currency) or not self.currency else self.rates.get(currency)

    def silence_limit_days(self, process: Process | None) -> float:
        """Beyond it a buyer, or a seller, is called silent."""
        return self.limit_days or (float(process.limits.silence_days) if process else DEFAULT_LIMIT_DAYS)


DEFAULT_LIMIT_DAYS = 21.0


def find_newest(workspace: Workspace) -> Newest | None:
    """The newest analysis; None before the first."""
    row = _newest(workspace).only("as_of", "finished_at", "summary", "short").first()
    if row is None:
        return None
    counts = row.summary
    return Newest(
        row.as_of, row.finished_at, counts.get("deals", 0), counts.get("observed_deals", 0), row.short, counts
    )


def find_verdicts(workspace: Workspace) -> dict[str, str]:
    """Verdict by step id, of the steps of which the newest analysis can tell one."""
    words = (_newest(workspace).values_list("summary", flat=True).first() or {}).get("verdicts") or {}
    return {step: word for step, word in words.items() if word not in ("unknown", "not judged")}


def find_waiting(workspace: Workspace) -> Job | None:
    """The analysis that waits or runs; None where what is shown is the newest there will be."""
    jobs = Job.objects.filter(workspace=workspace, kind="analysis", state__in=("waiting", "running"))
    return jobs.order_by("id").first()


def get_sections(workspace: Workspace) -> tuple[Newest, str] | None:
    """The newest analysis and every section of its report as HTML; None before the first."""
    found = find_newest(workspace)
    text = _newest(workspace).values_list("text__sections", flat=True).first()
    return (found, text or "") if found else None


def get_report(workspace: Workspace, kind: str) -> str | None:
    """The newest report as a file: `html` or `json`; None before the first."""
    column = {"html": "text__page", "json": "text__diagnosis"}[kind]
    text: str | None = _newest(workspace).values_list(column, flat=True).first()
    return text


def get_rewind(workspace: Workspace) -> str:
    """The newest rewind as JSON text (`headway.diagnosis.rewind_json`); empty before the first."""
    return _newest(workspace).values_list("text__rewind", flat=True).first() or ""


def scale_of(workspace: Workspace) -> Scale:
    """What deals of the workspace are measured by, from its newest analysis."""
    return scale_from(_newest(workspace).values_list("summary", flat=True).first() or {})


def scale_from(summary: dict[str, Any]) -> Scale:
    """The same from the summary of an analysis."""
    return Scale(
        summary.get("silence_limit_days"), summary.get("typical_amount"), summary.get("currency") or "",
        {currency: rate for currency, _, rate in summary.get("currencies", ()) if rate is not None},
    )  # fmt: skip


def _newest(workspace: Workspace) -> Any:
    return AnalysisRow.objects.filter(workspace=workspace).order_by("-finished_at", "-id")
