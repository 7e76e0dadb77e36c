"""From the parts of a diagnosis to the charts of the report: which numbers go into which picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from headway.charts import flow, marks, movement, timeline, weeks
from headway.diagnosis.value import (
    AdherenceRow,
    CurvePoint,
    DealTrace,
    Diagnosis,
    Edge,
    Fade,
    LogSummary,
    OpenDeal,
    Path,
    ProcessSummary,
    Share,
    StageGap,
    StageMovement,
)
from headway.report import words

CURVE_POINTS = 120  # drawn; more cannot be seen
FLOW_STAGES = 14  # drawn; all stand in the table


def _drawn(svg: str) -> Markup:
    """The one door for SVG into a template: charts escape every word they are given."""
    return Markup(svg)  # noqa: S704


def share_picture(share: Share | None) -> Markup:
    """A share with its interval, beside its figure."""
    return Markup("") if share is None else _drawn(marks.share_mark(share.value, share.low, share.high))


def amount_picture(value: float, top: float) -> Markup:
    """A bar on the column's common scale."""
    return _drawn(marks.amount_mark(max(value, 0.0), top))


def pair_picture(stage: StageGap, top: float) -> Markup:
    """Claimed (hollow) and evidenced (full) money of one stage."""
    return _drawn(marks.pair_mark(max(stage.claimed_amount, 0.0), max(stage.evidenced_amount, 0.0), top))


def deal_picture(deal: OpenDeal, last_rank: int) -> Markup:
    """Where a deal is claimed and where it is evidenced, on the rail of its process."""
    return _drawn(marks.dumbbell_mark(deal.claimed_rank, deal.evidenced_rank, last_rank))


def range_picture(median: float, p75: float, p90: float, top: float, won_p90: float | None) -> Markup:
    """Median, 75th and 90th percentile of one stage."""
    return _drawn(marks.range_mark(median, p75, p90, top, won_p90=won_p90))


def axis_picture(top: float) -> Markup:
    """The scale above a column."""
    return _drawn(marks.axis_marks(top))


def outcome_picture(log: LogSummary) -> Markup:
    """All deals, by how they stand."""
    parts = (("won", log.won, "won"), ("lost", log.lost, "lost"), ("no decision", log.no_decision, "ended"),
             ("withdrawn", log.withdrawn, "withdrawn"), ("open", log.open, "open"))  # fmt: skip
    return _drawn(marks.parts_mark(parts))


def path_picture(way: Path, most: float) -> Markup:
    """The deals that went one way, by how they stand; `most` deals are the full width."""
    parts = (("won", way.won, "won"), ("lost", way.lost, "lost"), ("ended", way.no_decision + way.withdrawn, "ended"),
             ("open", way.open, "open"))  # fmt: skip
    return _drawn(marks.parts_mark(parts, whole=most, height=10))


def curve_picture(stage: StageMovement, *, large: bool = False) -> Markup:
    """Movement curves of one stage."""
    points = [
        movement.Shares(point.days, point.won, point.lost, point.ended) for point in thinned(stage.curve, CURVE_POINTS)
    ]
    desc = (
        f"Shares of {words.counted(stage.n, 'deal')} by days after entering {stage.stage}. Within the usual time "
        f"{words.share_text(stage.decided)} reach a decision, {words.share_text(stage.won)} are won."
    )
    title = f"What became of deals that entered {stage.stage}"
    height = 240.0 if large else 150.0
    return _drawn(movement.movement_curves(points, stage.usual_days, title=title, desc=desc, height=height))


def thinned(points: Sequence[CurvePoint], most: int) -> tuple[CurvePoint, ...]:
    """At most `most` points, the first and the last among them."""
    if len(points) <= most:
        return tuple(points)
    step = (len(points) - 1) / (most - 1)
    return tuple(points[round(index * step)] for index in range(most))


def weeks_picture(rows: Sequence[AdherenceRow], fade: Fade) -> Markup:
    """Adherence week by week with its change point."""
    shares = [
        weeks.WeekShare(row.starts_on, row.share.value, row.share.low, row.share.high, row.share.n)
        for row in rows
        if row.starts_on is not None
    ]
    change = None
    if fade.change_on is not None:
        levels = (fade.before.value if fade.before else None, fade.after.value if fade.after else None)
        change = weeks.Change(
            fade.change_on, fade.change_low or fade.change_on, fade.change_high or fade.change_on, *levels
        )
    desc = f"{words.counted(len(shares), 'week')}; the band is the 95 % interval of each week."
    return _drawn(weeks.weekly_share(shares, change, title="Adherence by week", desc=desc))


@dataclass(frozen=True, slots=True)
class FlowPicture:
    """The flow of one process, drawn for wide and narrow boxes, and its moves for the table."""

    process: str
    wide: Markup
    narrow: Markup
    edges: tuple[Edge, ...]
    left_out: int  # stages not drawn


def flow_picture(process: ProcessSummary, edges: Sequence[Edge]) -> FlowPicture | None:
    """The stage flow of a process; None where nothing moved in it."""
    names = {stage.name for stage in process.stages}
    own = tuple(
        edge for edge in edges if edge.process in ("", process.name) and (edge.source in names or edge.target in names)
    )
    if not own or not names:
        return None
    kept = sorted(process.stages, key=lambda stage: -stage.entered)[:FLOW_STAGES]
    drawn = sorted(kept, key=lambda stage: stage.rank)
    place = {stage.name: index for index, stage in enumerate(drawn)}
    ends: dict[tuple[str, str], int] = {}
    for edge in own:
        if edge.target not in names:
            ends[edge.source, edge.target] = ends.get((edge.source, edge.target), 0) + edge.moves
    nodes = [
        flow.Node(
            stage.name,
            stage.entered,
            ends.get((stage.name, "won"), 0),
            ends.get((stage.name, "lost"), 0),
            ends.get((stage.name, "no_decision"), 0) + ends.get((stage.name, "withdrawn"), 0),
            stage.open_deals,
        )
        for stage in drawn
    ]
    moves = [
        flow.Move(place[edge.source], place[edge.target], edge.moves)
        for edge in own
        if edge.source in place and edge.target in place
    ]
    title = f"How deals move through {process.name}"
    desc = "Bars are stages from first to last, as wide as the deals that entered them. The table below has all moves."
    wide, narrow = (
        flow.stage_flow(nodes, moves, width=width, title=title, desc=desc) for width in (flow.WIDE, flow.NARROW)
    )
    return FlowPicture(process.name, _drawn(wide), _drawn(narrow), own, len(process.stages) - len(drawn))


def trace_picture(trace: DealTrace, diagnosis: Diagnosis) -> Markup:
    """One deal over time; nothing where no event is known."""
    if not trace.events:
        return Markup("")
    ranks = stage_ranks(diagnosis)
    claims = [
        timeline.Claim(event.happened_at, rank, name)
        for event in trace.events
        if event.kind == "stage_claimed"
        for rank, name in (found_stage(event.what, ranks),)
    ]
    buyer = [
        timeline.Mark(event.happened_at, event.what)
        for event in trace.events
        if event.kind in ("buyer_acted", "act_agreed")
    ]
    seller = [timeline.Mark(event.happened_at, event.what) for event in trace.events if event.kind == "activity_done"]
    last = trace.events[-1].happened_at if trace.outcome else diagnosis.as_of
    counts = (
        words.counted(len(buyer), "buyer act"),
        words.counted(len(seller), "activity", "activities"),
        words.counted(len(claims), "claim"),
    )
    highest = max((claim.rank for claim in claims), default=1)
    if len(diagnosis.processes) == 1:
        highest = max(highest, len(diagnosis.processes[0].stages))
    picture = timeline.deal_time_line(
        starts_at=trace.events[0].happened_at,
        ends_at=max(last, trace.events[-1].happened_at),
        buyer=buyer,
        seller=seller,
        claims=claims,
        last_rank=highest,
        end=words.OUTCOMES.get(trace.outcome or ""),
        title=f"{trace.name} over time",
        desc=f"{', '.join(counts)}.",
    )
    return _drawn(picture)


def stage_ranks(diagnosis: Diagnosis) -> dict[str, int]:
    """Rank of each stage by its name."""
    return {stage.name: stage.rank for process in diagnosis.processes for stage in process.stages}


def found_stage(what: str, ranks: dict[str, int]) -> tuple[int, str]:
    """The stage that an event's words name: itself, else the longest stage name in them; rank 1 where none is."""
    if what in ranks:
        return ranks[what], what
    within = max((name for name in ranks if name and name in what), key=len, default=None)
    return (ranks[within], within) if within else (1, what)
