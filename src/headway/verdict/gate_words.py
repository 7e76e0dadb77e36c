"""A back-test in sentences."""

from __future__ import annotations

from headway.verdict.gate import Gate, Side
from headway.verdict.value import Interval

OUTCOMES = (("lost", "lost"), ("no_decision", "no decision"), ("withdrawn", "withdrawn"))


def asks_text(gate: Gate) -> str:
    """When the gate asks, and whom."""
    if gate.stage is None:
        when = f"Asks {counted(gate.after_days, 'day')} after a deal was created"
    elif gate.after_days:
        when = f"Asks when a deal has been claimed in {gate.stage} for {counted(gate.after_days, 'day')}"
    else:
        when = f"Asks when a deal is first claimed in {gate.stage} or beyond"
    whom = [f"from an amount of {gate.amount_from:,.0f}"] if gate.amount_from is not None else []
    whom += [f"of {', '.join(names)}" for names in (gate.pipelines, gate.record_types) if names]
    return f"{when}{', only deals ' + ' and '.join(whom) if whom else ''}."


def sentence_text(asked: int, stopped: Side, earlier: Interval | None, *, snapshots_only: bool = False) -> str:
    """What it would have done. `snapshots_only`: stages are known only from the export's last day."""
    if not asked and snapshots_only:
        return (
            "These files say only where deals stood on the day of the export, so no moment of the past can be "
            "replayed; add the history of stages."
        )
    if not asked:
        return "No deal reached this gate while it was open, so the past says nothing about it."
    if not stopped.deals:
        return f"This gate would have stopped none of the {counted(asked, 'deal')} that it asked."
    wins = f"{counted(stopped.won, 'deal')} that you won" if stopped.won else "no deal that you won"
    parts = [f"This gate would have stopped {wins}"]
    if stopped.not_won:
        split = [f"{getattr(stopped, field):,} {word}" for field, word in OUTCOMES if getattr(stopped, field)]
        how = f" ({', '.join(split)})" if split != [f"{stopped.not_won:,} lost"] else ""
        verb = "lost" if not how else "did not win"
        parts.append(f" and flagged {stopped.not_won:,} that you {verb}{how}")
        if earlier is not None:
            parts.append(f", {counted(round(earlier.value), 'day')} earlier")
    else:
        parts.append(" and flagged none that you lost")
    return "".join(parts) + "."


def so_text(rung: str, known: bool, deals_needed: int | None, *, any_stopped: bool) -> str:
    """What to do with it."""
    if rung == "block":
        return "Your past supports every rung, blocking too. Begin with asking, and watch what people then type in."
    if rung == "ask":
        return "Let it ask: before the deal goes on, the seller says why. Your past does not support blocking."
    if rung == "warn":
        return "Let it warn, and no more: your past does not support that it interrupts anybody."
    if known and any_stopped:
        return "Let it observe, and no more: deals that it stops do as well as the others, or nearly."
    if deals_needed:
        return f"Let it observe. Whether it may warn is unknown; about {deals_needed:,} more decided deals will tell."
    return "Let it observe. Whether it may warn is unknown, and more deals like these will hardly tell."


def counted(count: int, thing: str) -> str:
    """`1 deal`, `812 deals`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
