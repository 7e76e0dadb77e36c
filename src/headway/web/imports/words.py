"""What the wizard calls layouts, roles of columns, and kinds of problems."""

from __future__ import annotations

LAYOUTS = {
    "salesforce_opportunity_report": "Salesforce, opportunity report",
    "salesforce_history_report": "Salesforce, history report",
    "salesforce_field_history": "Salesforce, field history",
    "salesforce_dataloader": "Salesforce, Data Loader",
    "hubspot_deals": "HubSpot, deals",
    "pipedrive_deals": "Pipedrive, deals",
    "headway_events": "Headway, what buyers and sellers did",
    "mapping": "as mapped",
    "xes": "event log (XES)",
}
ROLES = {
    "id": "Deal's id",
    "deal": "Deal's id",
    "history_of": "Deal's id",
    "name": "Deal's name",
    "account": "Account",
    "owner": "Owner",
    "stage": "Claimed stage",
    "from_stage": "Stage before the change",
    "amount": "Amount",
    "amount_own": "Amount in your currency",
    "currency": "Currency",
    "created": "Created",
    "created_by": "Who made the change",
    "creation": "Created",
    "close": "Close date (expected, or when decided)",
    "expected_close": "Expected close date",
    "expected_on": "Expected close date",
    "closed": "When it was decided",
    "won_time": "When it was won",
    "lost_time": "When it was lost",
    "stage_since": "In this stage since",
    "modified": "Last changed",
    "outcome": "Won or lost",
    "status": "Won or lost",
    "is_won": "Whether it was won",
    "is_closed": "Whether it is closed",
    "is_deleted": "Whether it was deleted",
    "reason": "Why it was lost",
    "pipeline": "Pipeline",
    "record_type": "Kind of deal",
    "segment": "Segment",
    "team": "Team",
    "when": "When it changed",
    "who": "Who changed it",
    "field": "Which field changed",
    "old": "Value before",
    "new": "Value after",
    "key": "What rows are matched by",
    "what": "What happened",
    "lifecycle": "Begun or completed",
    "contact": "Who at the buyer",
    "recorded": "When it was recorded",
    "note": "Note",
    # Headway's own file
    "kind": "What kind of event",
    "happened_at": "When it happened",
    "recorded_at": "When it was recorded",
    "actor": "Who at the seller",
    "grade": "Grade of evidence",
    "due_on": "Due",
    "ref": "Reference",
}
KINDS = {
    "dropped": ("Left out", "bad"),
    "missing": ("Missing", "warn"),
    "assumed": ("Assumed", "warn"),
    "repaired": ("Mended", "info"),
    "kept": ("Kept", "info"),
    "noted": ("Noted", "info"),
}
ROLE_WORDS_OF_EVENTS = {"name": "What it is called"}


def role_words(role: str, layout: str = "") -> str:
    """What a column means, in words; empty where it is not used."""
    if layout == "headway_events" and role in ROLE_WORDS_OF_EVENTS:
        return ROLE_WORDS_OF_EVENTS[role]
    words = []
    for one in role.split("+"):
        if one.startswith("entered:"):
            words.append(f"When it entered “{one.removeprefix('entered:')}”")
        elif one in ROLES:
            words.append(ROLES[one])
    if {"expected_close", "closed"} <= set(role.split("+")):
        return ROLES["close"]
    return ", ".join(words)


def layout_words(layout: str) -> str:
    """A layout as people know it."""
    return LAYOUTS.get(layout, layout.replace("_", " "))
