"""What history and snapshot together say about each deal, written into the event log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import pyarrow as pa

from headway.connectors.files.closing import outcome_of_reason, outcome_of_stage, plain
from headway.connectors.files.staging import Staging
from headway.deals.events import Outcome

MEANINGS = pa.schema([("stage", pa.string()), ("outcome", pa.string()), ("reason", pa.string())])
REASONS = pa.schema([("reason", pa.string()), ("outcome", pa.string())])


@dataclass(frozen=True, slots=True)
class Texts:
    """What a mapping says about texts: outcomes by stage (all others are open), outcomes by loss reason.

    `stages` None: the names of stages speak for themselves.
    """

    stages: Mapping[str, Outcome] | None = None
    reasons: Mapping[str, Outcome] | None = None


def settle(staging: Staging, texts: Texts, exported_at: datetime | None) -> datetime | None:
    """Fill source_deals and source_events from what was staged; returns when the export was made (naive UTC).

    `exported_at` is that moment where known; else the latest moment that the files tell of is taken. None where
    nothing was staged.
    """
    forgotten = pa.chunked_array(staging.forgotten, pa.string()).drop_null()
    staging.put("forgotten_deals", pa.table({"deal": forgotten}))
    staging.run("kept_deals")
    staging.run("named_states")
    _note_rows_left_out(staging)
    staging.put("stage_meanings", _stage_meanings(staging, texts))
    staging.put("reason_outcomes", _reason_outcomes(staging, texts))
    staging.run("state_changes")
    staging.run("last_states")
    latest = _latest(staging)
    exported = max((moment for moment in (exported_at, latest) if moment), default=None)
    if exported is None:
        return None
    if exported_at and exported > exported_at:
        staging.note("kept", "moments after the day of the export that the file's name or the mapping states", 1)
    staging.run("settled_deals", {"exported": exported})
    _note_oddities(staging)
    staging.run("history_events")
    staging.run("deal_events", {"exported": exported, **asdict(staging.knowledge)})
    first = staging.value("SELECT coalesce(max(ordinal) + 1, 0) FROM source_events")
    staging.run("to_log", {"first": first})
    return exported


def _stage_meanings(staging: Staging, texts: Texts) -> pa.Table:
    """Which stages are decisions: as the mapping says, else as the CRM's own flags say, else by their names."""
    found = staging.table(
        "SELECT stage, bool_and(is_closed) AS closed, bool_and(is_won) AS won FROM ("
        " SELECT stage, is_closed, is_won FROM staged_deals"
        " UNION ALL SELECT stage, is_closed, is_won FROM staged_states"
        ") WHERE stage IS NOT NULL GROUP BY stage ORDER BY stage"
    ).to_pylist()
    by_text = {plain(text): outcome for text, outcome in (texts.stages or {}).items()}
    meanings = []
    for row in found:
        stage = row["stage"]
        named = texts.stages is not None
        outcome = by_text.get(plain(stage)) if named else _flagged(stage, row["closed"], row["won"])
        reason = stage if outcome in (Outcome.NO_DECISION, Outcome.WITHDRAWN) else None
        meanings.append({"stage": stage, "outcome": outcome and outcome.value, "reason": reason})
    return pa.Table.from_pylist(meanings, MEANINGS)


def _flagged(stage: str, closed: bool | None, won: bool | None) -> Outcome | None:
    named = outcome_of_stage(stage)
    if won is True:
        return Outcome.WON
    if closed is True and won is False:
        return named if named not in (None, Outcome.WON) else outcome_of_reason(stage)
    return None if closed is False else named


def _reason_outcomes(staging: Staging, texts: Texts) -> pa.Table:
    by_text = {plain(text): outcome for text, outcome in (texts.reasons or {}).items()}
    found = staging.table(
        "SELECT DISTINCT reason FROM staged_deals WHERE reason IS NOT NULL"
        " UNION SELECT reason FROM stage_meanings WHERE reason IS NOT NULL ORDER BY reason"
    ).column(0)
    rows = [
        {"reason": reason, "outcome": by_text.get(plain(reason), outcome_of_reason(reason)).value}
        for reason in found.to_pylist()
    ]
    return pa.Table.from_pylist(rows, REASONS)


def _latest(staging: Staging) -> datetime | None:
    """The latest moment the files tell of. Typed close dates count only where no stamp of the CRM says more."""
    stamped = staging.value(
        "SELECT max(moment) FROM (SELECT greatest(modified_at, created_at, stage_since) AS moment FROM kept_deals"
        " UNION ALL SELECT max(moment) FROM state_changes UNION ALL SELECT max(happened_at) FROM source_events)"
    )
    has_stamps = staging.value("SELECT count(modified_at) > 0 FROM kept_deals")
    closed = staging.value(
        "SELECT max(closed_at) FROM kept_deals AS d LEFT JOIN stage_meanings AS m USING (stage)"
        " WHERE coalesce(d.outcome, m.outcome, 'open') <> 'open'"
    )
    moments = [moment for moment in (stamped, None if has_stamps else closed) if isinstance(moment, datetime)]
    return max(moments, default=None)


def _note_rows_left_out(staging: Staging) -> None:
    staging.count_note(
        "dropped", "row without an id or name of a deal", "SELECT file, line FROM named_deals WHERE deal IS NULL"
    )
    staging.count_note(
        "dropped",
        "row with the id of a deal that stands there already (kept: the one modified last, else the first)",
        "SELECT n.file, n.line FROM named_deals AS n ANTI JOIN kept_deals AS k ON k.file = n.file AND k.line = n.line"
        " WHERE n.deal IS NOT NULL",
    )
    staging.count_note(
        "dropped",
        "history row of a deleted record",
        "SELECT file, line FROM staged_states WHERE deal IN (SELECT deal FROM forgotten_deals)",
    )
    staging.count_note(
        "dropped",
        "history row whose deal is called like several deals",
        "SELECT file, line FROM named_states WHERE deal IS NULL AND namesakes > 1",
    )
    staging.count_note(
        "dropped",
        "history row without a deal",
        "SELECT file, line FROM named_states WHERE deal IS NULL AND namesakes <= 1",
    )
    staging.count_note(
        "dropped",
        "history row without a time",
        "SELECT file, line FROM named_states WHERE deal IS NOT NULL AND moment IS NULL",
    )


def _note_oddities(staging: Staging) -> None:
    if staging.has_deals and staging.has_history:
        staging.count_note(
            "missing", "deal without any history", "SELECT file, line FROM settled_deals WHERE NOT has_history"
        )
        staging.count_note(
            "missing",
            "deal that only the history knows",
            "SELECT min(file) AS file, min(line) AS line FROM state_changes AS s"
            " ANTI JOIN kept_deals AS d USING (deal) GROUP BY deal",
        )
    staging.count_note(
        "kept",
        "events before creation",
        "SELECT s.file, s.line FROM state_changes AS s JOIN kept_deals AS d USING (deal)"
        " WHERE CAST(s.moment AS DATE) < CAST(d.created_at AS DATE)",
    )
    staging.count_note(
        "kept",
        "events before creation",
        "SELECT file, line FROM settled_deals"
        " WHERE final IS NOT NULL AND CAST(closed_at AS DATE) < CAST(created_at AS DATE)",
    )
    staging.count_note(
        "repaired",
        "close date after the export (taken to be the day of the export)",
        "SELECT file, line FROM settled_deals WHERE final IS NOT NULL AND closed_late AND h_decided_at IS NULL",
    )
    staging.count_note(
        "missing",
        "day on which the deal was decided",
        "SELECT file, line FROM settled_deals WHERE final IS NOT NULL AND closed_at IS NULL AND h_decided_at IS NULL",
    )
