"""Baselines, what was read of them and when the next reading is due; and what the rhythm says as of a past moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from headway.conformance.shares import share
from headway.reviews.embedding import DAYS, Figure, Reading, reading_from
from headway.reviews.kept import Fate, kept_rate
from headway.reviews.kinds import Held, Promise
from headway.store.models import AnalysisText, Baseline, BaselineReading, Commitment, CommitmentEnd, Review, Workspace
from headway.store.models import Baseline as BaselineRow
from headway.store.queries.access import Access

__all__ = ["BaselineRow"]

WITHIN_DAYS = 30
TO_95 = 1.959964 / 1.644854  # the back-test gives its skill with 90 %
CAME = (Held.HELD, Held.LATE, Held.EMPTY, Held.SKIPPED)
MOST = 20


def find_baseline(access: Access) -> Baseline | None:
    """The one that runs, or the last that ended; None before the first."""
    rows = Baseline.objects.select_related("by", "workspace").filter(workspace=access.workspace)
    return rows.filter(ended_at=None).order_by("-pk").first() or rows.order_by("-pk").first()


def list_readings(baseline: Baseline) -> list[tuple[Reading, date]]:
    """What was read, with the day it is of, in order."""
    rows = BaselineReading.objects.filter(baseline=baseline).order_by("day")
    return [(reading_from(row.day, row.figures), row.on) for row in rows]


def due_readings(workspace: Workspace, at: datetime) -> list[tuple[Baseline, int, date]]:
    """(baseline, day, its date) of every reading that is due by now and was not made; the oldest first."""
    today = at.astimezone(ZoneInfo(workspace.zone)).date()
    found = []
    for baseline in Baseline.objects.filter(workspace=workspace, ended_at=None).order_by("pk")[:MOST]:
        read = set(BaselineReading.objects.filter(baseline=baseline).values_list("day", flat=True))
        found += [(baseline, day, on) for day, on in days_of(baseline) if on <= today and day not in read]
    return found


def days_of(baseline: Baseline) -> list[tuple[int, date]]:
    """Day and date of its four readings."""
    return [(day, baseline.started_on + timedelta(days=day)) for day in DAYS]


def moment_of(workspace: Workspace, baseline: Baseline, day: int, at: datetime) -> datetime:
    """What a reading is as of: its start, or the end of its day; never later than `at`."""
    if day == 0:
        return min(baseline.at, at)
    last = baseline.started_on + timedelta(days=day + 1)
    midnight = datetime.combine(last, time(), ZoneInfo(workspace.zone))
    return min(midnight - timedelta(microseconds=1), at)


def find_texts(workspace: Workspace, moment: datetime) -> tuple[str, str] | None:
    """(diagnosis, forecast) as JSON of an analysis as of the same local day as `moment`; None where none is kept."""
    zone = ZoneInfo(workspace.zone)
    rows = AnalysisText.objects.filter(workspace=workspace, analysis__workspace=workspace).select_related("analysis")
    for row in rows.order_by("-analysis__finished_at", "-pk")[:2]:
        if row.analysis.as_of.astimezone(zone).date() == moment.astimezone(zone).date():
            return row.diagnosis, row.forecast
    return None


def rhythm_figures(workspace: Workspace, moment: datetime) -> tuple[Figure, Figure]:
    """Reviews held on time and promises kept by their day, in the 30 days before `moment`, as they stood then."""
    return _on_time(workspace, moment), _kept(workspace, moment)


def _on_time(workspace: Workspace, moment: datetime) -> Figure:
    rows = Review.objects.filter(
        workspace=workspace, state__in=CAME, due_at__gt=moment - timedelta(days=WITHIN_DAYS), due_at__lte=moment
    ).values_list("state", "closed_at", "skipped_at")
    came = [
        state
        for state, closed_at, skipped_at in rows
        if ((skipped_at if state == Held.SKIPPED else closed_at) or moment) <= moment
    ]
    if not came:
        return Figure("on_time", None, reason="no review was due in the 30 days before")
    found = share(came.count(Held.HELD), len(came))
    return Figure("on_time", found.value, found.low, found.high, found.n, f"{found.done} of {found.n}")


def _kept(workspace: Workspace, moment: datetime) -> Figure:
    today = moment.astimezone(ZoneInfo(workspace.zone)).date()
    rows = Commitment.objects.filter(
        workspace=workspace, due_on__gte=today - timedelta(days=WITHIN_DAYS), due_on__lt=today, made_at__lte=moment
    )
    due = dict(rows.order_by("pk").values_list("pk", "due_on")[:20_000])
    ends: dict[int, tuple[str, datetime]] = {}
    known = CommitmentEnd.objects.filter(workspace=workspace, commitment__in=rows.values("pk"), at__lte=moment)
    for commitment, how, happened_at in known.order_by("at", "pk").values_list("commitment", "how", "happened_at"):
        ends[commitment] = (how, happened_at)
    rated = kept_rate([_fate(on, ends.get(pk), workspace.zone) for pk, on in due.items()], today)
    if not rated.n:
        return Figure("kept", None, reason="no promise fell due in the 30 days before")
    return Figure("kept", rated.kept / rated.n, rated.low, rated.high, rated.n, f"{rated.kept} of {rated.n}")


def _fate(due_on: date, end: tuple[str, datetime] | None, zone: str) -> Fate:
    if end is None or end[0] == Promise.OPEN:
        return Fate(due_on, Promise.BROKEN)
    return Fate(due_on, Promise(end[0]), end[1].astimezone(ZoneInfo(zone)).date())


def figures_from(diagnosis: Mapping[str, Any], forecast: Mapping[str, Any] | None) -> list[Figure]:
    """The figures that an analysis holds: of the diagnosis and the forecast as JSON objects."""
    return [
        _movement(diagnosis), _between_owners(diagnosis), _observed(diagnosis), _gap(diagnosis),
        _skill(forecast or {}), _adherence(diagnosis),
    ]  # fmt: skip


def _movement(diagnosis: Mapping[str, Any]) -> Figure:
    overall = diagnosis["movement"].get("overall") or {}
    reason = overall.get("reason") or diagnosis["movement"].get("reason") or "too few deals were seen for long enough"
    return _of_share("movement", overall.get("decided"), reason)


def _between_owners(diagnosis: Mapping[str, Any]) -> Figure:
    one = diagnosis["consistency"]
    if one.get("variance_share") is None:
        return Figure("between_owners", None, reason=one.get("reason") or "not known")
    return Figure("between_owners", one["variance_share"], one["low"], one["high"], one["deals"])


def _observed(diagnosis: Mapping[str, Any]) -> Figure:
    gap = diagnosis["gap"]
    if not gap["open_deals"]:
        return Figure("observed", None, reason="there was no open deal")
    found = share(gap["observed_deals"], gap["open_deals"])
    return Figure("observed", found.value, found.low, found.high, found.n, f"{found.done} of {found.n}")


def _gap(diagnosis: Mapping[str, Any]) -> Figure:
    """As a share of the open money, whichever its sign: far from zero either way is not clear."""
    gap, money = diagnosis["gap"], diagnosis["log"]["open_amount"]
    if gap.get("amount") is None or not money:
        return Figure("gap", None, reason=gap.get("reason") or "too few deals were decided to put the gap in money")
    bounds = [gap.get("amount_low"), gap.get("amount_high")]
    low, high = (None, None) if None in bounds else _absolute(*bounds)
    said = f"{gap['amount']:.0f} of {money:.0f}"
    value, low, high = (None if one is None else min(one / money, 1.0) for one in (abs(gap["amount"]), low, high))
    return Figure("gap", value, low, high, gap.get("amount_n") or 0, said)


def _absolute(low: float, high: float) -> tuple[float, float]:
    return (0.0 if low <= 0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


def _skill(forecast: Mapping[str, Any]) -> Figure:
    back = forecast.get("backtest") or {}
    one = back.get("skill")
    if not one:
        return Figure("skill", None, reason=back.get("reason") or "past weeks cannot be replayed yet")
    value = one["value"]
    low, high = value - TO_95 * (value - one["low"]), value + TO_95 * (one["high"] - value)
    return Figure("skill", value, low, high, one["n"])


def _adherence(diagnosis: Mapping[str, Any]) -> Figure:
    """Of the last four whole weeks, so that readings thirty days apart do not rest on the same expectations."""
    weeks = [one for one in diagnosis["adherence"]["weeks"] if one.get("starts_on")]
    day = datetime.fromisoformat(diagnosis["as_of"]).date()
    last = [one for one in weeks if 7 <= (day - date.fromisoformat(one["starts_on"])).days < 7 + WITHIN_DAYS]
    due = sum(one["due"] for one in last)
    if not due:
        return Figure("adherence", None, reason="nothing that the process asks fell due in the four weeks before")
    found = share(sum(one["kept"] for one in last), due)
    return Figure("adherence", found.value, found.low, found.high, found.n, f"{found.done} of {found.n}")


def _of_share(name: str, one: Mapping[str, Any] | None, reason: str) -> Figure:
    if not one or one.get("value") is None:
        return Figure(name, None, reason=reason)
    return Figure(name, one["value"], one["low"], one["high"], one["n"])
