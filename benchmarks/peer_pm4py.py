"""pm4py on the same questions, each in the fastest way it offers for a log in memory. Runs in .venv-bench.

`_pandas` and `_polars` are the two kinds of table that pm4py works on; the report takes the faster of the two.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pandas as pd
import pm4py
import polars as pl
from pm4py.algo.conformance.tokenreplay import algorithm as token_replay
from pm4py.algo.conformance.tokenreplay.variants.token_replay import Parameters
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to

from benchmarks.measured import (
    AT,
    CASE,
    MILESTONES,
    NAME,
    Record,
    arguments,
    conformance_answer,
    pairs_answer,
    variants_answer,
)  # fmt: skip

TASKS = ("load", "conformance", "follows", "variants", "dwell")


def sequence_net() -> tuple[PetriNet, Marking, Marking]:
    """The milestones in order as a Petri net: one place before each, one after the last."""
    net = PetriNet("milestones")
    places = [PetriNet.Place(f"p{number}") for number in range(len(MILESTONES) + 1)]
    net.places.update(places)
    for number, name in enumerate(MILESTONES):
        transition = PetriNet.Transition(f"t{number}", name)
        net.transitions.add(transition)
        add_arc_from_to(places[number], transition, net)
        add_arc_from_to(transition, places[number + 1], net)
    return net, Marking({places[0]: 1}), Marking({places[-1]: 1})


def load(path: str) -> pd.DataFrame:
    """The log as the table that pm4py works on."""
    if path.endswith(".parquet"):
        return pm4py.format_dataframe(
            pd.read_parquet(path, columns=[CASE, NAME, AT]), case_id=CASE, activity_key=NAME, timestamp_key=AT
        )
    return pm4py.read_xes(path)


def conformance(record: Record, frame: pd.DataFrame, repeat: int) -> None:
    """Token-based replay of the cases, filtered to the milestones beforehand (the filtering is not timed).

    A case conforms when no milestone fired without its token: it went through them in order, as far as it got.
    """
    net, start, end = sequence_net()
    kept = frame[frame[NAME].isin(MILESTONES)].copy()
    options = {Parameters.SHOW_PROGRESS_BAR: False}
    # One result per case: in the order of their names for pandas, of their first events for Polars.
    cases = kept[CASE].unique().tolist()
    for kind, table, order in (("pandas", kept, sorted(cases)), ("polars", lazy(kept), cases)):
        replayed: list[dict[str, Any]] = record.timed(
            f"conformance_{kind}", lambda t=table: token_replay.apply(t, net, start, end, parameters=options), repeat
        )
        pairs = zip(order, replayed, strict=True)
        conforming = [str(case) for case, found in pairs if not found["transitions_with_problems"]]
        record.answers[f"conformance_{kind}"] = conformance_answer(len(cases), conforming)


def lazy(frame: pd.DataFrame) -> Any:
    """The same log as the lazy Polars table that pm4py also takes."""
    return pl.from_pandas(frame[[CASE, NAME, AT]]).lazy()


def main() -> None:
    """Answer what was asked, on one log."""
    asked = arguments(TASKS)
    record = Record(versions={name: version(name) for name in ("pm4py", "pandas", "polars")})
    frame = record.timed("load", lambda: load(str(asked.log)), 1)
    record.answers["load"] = {"cases": int(frame[CASE].nunique()), "events": len(frame)}
    if "conformance" in asked.tasks:
        conformance(record, frame, asked.repeat)
    tables: dict[str, Any] = {"pandas": frame, "polars": lazy(frame)}
    for kind, table in tables.items():
        if "follows" in asked.tasks:
            found, _, _ = record.timed(f"follows_{kind}", lambda t=table: pm4py.discover_dfg(t), asked.repeat)
            record.answers[f"follows_{kind}"] = pairs_answer((a, b, count) for (a, b), count in found.items())
        if "variants" in asked.tasks:
            variants = record.timed(f"variants_{kind}", lambda t=table: pm4py.get_variants(t), asked.repeat)
            record.answers[f"variants_{kind}"] = variants_answer(variants.items())
        if "dwell" in asked.tasks:
            spans, _, _ = record.timed(f"dwell_{kind}", lambda t=table: pm4py.discover_performance_dfg(t), asked.repeat)
            record.answers[f"dwell_{kind}"] = pairs_answer((a, b, span["median"]) for (a, b), span in spans.items())
    record.hand_over(asked.out)


if __name__ == "__main__":
    main()
