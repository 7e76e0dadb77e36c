"""Amounts that may be summed: those in the log's main currency."""

from __future__ import annotations

from headway.deals.event_log import EventLog, sql_text


def lay_out_money(log: EventLog) -> None:
    """Leave the table `money` behind: one row per deal, whether its amount counts, and the main currency."""
    log.connection.execute(sql_text(__package__, "money"))
