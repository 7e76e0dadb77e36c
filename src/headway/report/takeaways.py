"""One plain sentence per section, alike in the report and in the terminal: what its figures say, or why they do not."""

from __future__ import annotations

from headway.diagnosis.value import Diagnosis, LogSummary, PressureRow, StageMovement
from headway.report.words import (
    NO_BREAK,
    UNKNOWN,
    count_text,
    counted,
    date_text,
    days_text,
    interval_text,
    percent_text,
    points_text,
    sentence,
    share_text,
    total_worth,
    worth,
)


def read_takeaway(diagnosis: Diagnosis) -> str:
    """What was read, in one line."""
    log = diagnosis.log
    files = f"{counted(len(log.sources), 'file')}: " if log.sources else ""
    if not log.deals:
        return f"{files}no deals."
    span = f", {date_text(log.first_at)} to {date_text(log.last_at)}" if log.first_at else ""
    owners = counted(log.owners, "owner") if log.owners else "owners unknown"
    return f"{files}{counted(log.deals, 'deal')}, {counted(log.events, 'event')}, {owners}{span}."


def currency_sentences(log: LogSummary) -> tuple[str, ...]:
    """At which rates amounts in other currencies are summed, and which are not summed at all."""
    found = []
    for one in log.currencies:
        if one.rate is None:
            is_are = "is" if one.deals == 1 else "are"
            found.append(f"{counted(one.deals, 'deal')} in {one.currency} {is_are} in no sum: no rate is stated.")
        else:
            since = f" since {date_text(one.valid_on)}" if one.valid_on else ""
            worth_it = f"one {one.currency} counts as {one.rate:.6g} {log.currency}{since}"
            found.append(f"{counted(one.deals, 'deal')} in {one.currency}: {worth_it}.")
    return tuple(found)


def movement_takeaway(stage: StageMovement | None, reason: str | None, upper_bound: bool) -> str:
    """Of the deals that enter, how many reach a decision within the usual time."""
    if stage is None or stage.decided is None:
        why = reason or (stage.reason if stage else None) or "there are too few deals."
        return f"Movement is unknown: {_lower(why)}"
    at_most = "at most " if upper_bound else ""
    usual = f"within the usual {days_text(stage.usual_days)}" if stage.usual_days is not None else "in time"
    text = f"Of deals that enter, {at_most}{share_text(stage.decided)} reach a decision, won or lost, {usual}."
    if stage.open_beyond is not None:
        text += f" {percent_text(stage.open_beyond.value)} are still open then."
    return text


def gap_takeaway(diagnosis: Diagnosis) -> str:
    """How many open deals claim more than their buyers have shown."""
    gap, currency = diagnosis.gap, diagnosis.log.currency
    if not gap.open_deals:
        return "There are no open deals."
    if not gap.observed_deals:
        return sentence(gap.reason or "no buyer act was observed")
    text = (
        f"{count_text(gap.inflated)} of {counted(gap.observed_deals, 'observed open deal')} claim a later stage "
        f"than their buyers have shown, {count_text(gap.even)} the same, {count_text(gap.sandbagged)} an earlier one."
    )
    if gap.amount is not None:
        text += f" By past win rates that is worth {worth(gap.amount, currency)}{_gap_grounds(diagnosis)}."
    elif gap.reason:
        text += f" In money it is unknown: {_lower(gap.reason)}"
    return text


def _gap_grounds(diagnosis: Diagnosis) -> str:
    """What the gap in money rests on, as far as it is known."""
    gap, currency = diagnosis.gap, diagnosis.log.currency
    grounds = []
    if gap.amount_low is not None and gap.amount_high is not None:
        grounds.append(f"{worth(gap.amount_low, currency)} to {worth(gap.amount_high, currency)}")
    if gap.amount_deals:
        grounds.append(counted(gap.amount_deals, "open deal"))
    if gap.amount_n:
        grounds.append(f"n{NO_BREAK}{count_text(gap.amount_n)}")
    return f" ({', '.join(grounds)})" if grounds else ""


def findings_takeaway(diagnosis: Diagnosis) -> str:
    """Where to look first."""
    currency = diagnosis.log.currency
    asked = [rule for rule in diagnosis.findings if rule.reason is None]
    hit = [rule for rule in asked if rule.findings]
    if not asked:
        return "No rule could be asked of this log."
    if not hit:
        return f"{counted(len(asked), 'rule')} asked, and nothing was found."
    most = max(hit, key=lambda rule: (rule.open_amount, rule.deals))
    where = f"{counted(most.open_deals, 'open deal')}, {total_worth(most.open_amount, most.open_deals, currency)}"
    if not most.open_deals:
        where = f"{counted(most.deals, 'deal')}, none of them open"
    first = "Most money is in" if most.open_amount else "Most deals are in"
    return f"{len(hit)} of {counted(len(asked), 'rule')} found something. {first} “{most.title}”: {where}."


def adherence_takeaway(diagnosis: Diagnosis) -> str:
    """Is the process used, and is that fading."""
    overall = diagnosis.adherence.overall
    if overall is None:
        return f"Adherence is unknown: {_lower(diagnosis.adherence.reason or 'nothing fell due.')}"
    return f"What the process asks was done in {share_text(overall)} of the cases in which it fell due."


def fade_takeaway(diagnosis: Diagnosis) -> str:
    """The trend and its one change point."""
    fade = diagnosis.fade
    if fade.change_on is not None and fade.before is not None and fade.after is not None:
        return (
            f"It changed about {date_text(fade.change_on)} (between {date_text(fade.change_low)} and "
            f"{date_text(fade.change_high)}): from {share_text(fade.before)} to {share_text(fade.after)}."
        )
    if fade.slope_points_per_quarter is not None and fade.slope_low is not None and fade.slope_high is not None:
        points, low, high = map(_signed, (fade.slope_points_per_quarter, fade.slope_low, fade.slope_high))
        slope = f"{points} points a quarter ({low} to {high})"
        if fade.slope_low <= 0 <= fade.slope_high:
            return f"No change over {counted(fade.weeks, 'week')} that chance could not explain: {slope}."
        return f"Over {counted(fade.weeks, 'week')} it moved by {slope}, without one day on which it changed."
    return f"Whether it fades is unknown: {_lower(fade.reason or 'there are too few weeks.')}"


def consistency_takeaway(diagnosis: Diagnosis) -> str:
    """How much the way a deal goes depends on who owns it."""
    consistency = diagnosis.consistency
    if consistency.variance_share is None:
        return (
            f"Whether it depends on the owner is unknown: {_lower(consistency.reason or 'there are too few owners.')}"
        )
    return (
        f"{percent_text(consistency.variance_share)} of the differences between deals lie between owners "
        f"({interval_text(consistency.low, consistency.high)}, {counted(consistency.owners, 'owner')}, "
        f"n{NO_BREAK}{count_text(consistency.deals)}); the rest lies between the deals of one owner."
    )


def pressure_takeaway(row: PressureRow) -> str:
    """Deviations in the last ten days of a period against the rest."""
    if row.inside is None or row.outside is None or row.difference is None:
        return f"End of {row.period}: unknown, {_lower(row.reason or 'there are too few cases.')}"
    clear = row.low is not None and row.high is not None and (row.low > 0 or row.high < 0)
    between = f"{points_text(row.low)} to {points_text(row.high)}" if row.low is not None else UNKNOWN
    end = "" if clear else "; chance alone could do that"
    return (
        f"In the last ten days of a {row.period} {percent_text(row.inside.value)} of moves leave the process, "
        f"else {percent_text(row.outside.value)}: {points_text(row.difference)} points ({between}){end}."
    )


def _signed(points: float) -> str:
    """`+3.1`, `−0.4`, `0`."""
    return "0" if abs(points) < 0.05 else f"{'+' if points > 0 else '−'}{abs(points):.1f}"


def _lower(reason: str) -> str:
    """A reason that continues a sentence and ends it."""
    whole = sentence(reason)
    return whole[:1].lower() + whole[1:] if whole[1:2].islower() or whole[1:2] == " " else whole
