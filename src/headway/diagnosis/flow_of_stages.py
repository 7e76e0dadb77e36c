"""Flow: the paths deals take, the stage-to-stage graph, and the days spent per stage."""

from __future__ import annotations

from headway.deals.event_log import sql_text
from headway.diagnosis.study import Study
from headway.diagnosis.value import Dwell, Edge, Flow, Path

MOST_PATHS = 20
OUTCOME_NAMES = {"won": "won", "lost": "lost", "no_decision": "no decision", "withdrawn": "withdrawn"}


def flow_of_stages(study: Study) -> Flow:
    """The most common paths, every edge, every stage's dwell."""
    study.log.connection.execute(sql_text(__package__, "paths"))
    variants = study.log.value("SELECT count(*) FROM (SELECT DISTINCT process, path, length FROM paths)")
    return Flow(variants or 0, _paths(study), _edges(study), _dwell(study))


def _paths(study: Study) -> tuple[Path, ...]:
    rows = study.rows("path_counts", most=MOST_PATHS)
    ranks: dict[int, list[int]] = {}
    for row in study.rows("path_stages", deals=[row["example"] for row in rows]):
        ranks.setdefault(row["deal"], []).append(row["rank"])
    return tuple(
        Path(
            stages=tuple(study.stage_name(row["process"], rank) for rank in ranks[row["example"]]),
            deals=row["deals"],
            won=row["won"],
            lost=row["lost"],
            no_decision=row["no_decision"],
            withdrawn=row["withdrawn"],
            open=row["open"],
            amount=row["amount"],
        )
        for row in rows
    )


def _edges(study: Study) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            source=study.stage_name(row["process"], row["from_rank"]),
            target=OUTCOME_NAMES[row["outcome"]]
            if row["outcome"]
            else study.stage_name(row["process"], row["to_rank"]),
            moves=row["moves"],
            deals=row["deals"],
            median_days=row["median_days"],
            amount=row["amount"],
            process=study.processes[row["process"]].name,
        )
        for row in study.rows("edges")
    )


def _dwell(study: Study) -> tuple[Dwell, ...]:
    return tuple(
        Dwell(
            process=study.processes[row["process"]].name,
            rank=row["rank"],
            stage=study.stage_name(row["process"], row["rank"]),
            visits=row["visits"],
            median=row["median"],
            p75=row["p75"],
            p90=row["p90"],
            won_p90=row["won_p90"],
            won_visits=row["won_visits"],
        )
        for row in study.rows("dwell")
    )
