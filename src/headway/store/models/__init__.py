"""The tables. Nobody outside `headway.store` imports this."""

from headway.store.models.analyses import Analysis, AnalysisText, DealFinding
from headway.store.models.audit import Entry, Head
from headway.store.models.deals import Contact, Deal, Owner, SearchWord
from headway.store.models.forecasts import Call, CallVoiding, DealForecast, ForecastTotal
from headway.store.models.history import AllowedException, Attachment, Event, Exhibit, Voiding, Wording
from headway.store.models.imports import BatchKept, BatchUndone, ImportBatch, Upload
from headway.store.models.jobs import Job
from headway.store.models.people import Invitation, Membership, Person, SetupLink, Workspace
from headway.store.models.processes import Pin, Process, ProcessVersion
from headway.store.models.trials import Trial

__all__ = [
    "AllowedException",
    "Analysis",
    "AnalysisText",
    "Attachment",
    "BatchKept",
    "BatchUndone",
    "Call",
    "CallVoiding",
    "Contact",
    "Deal",
    "DealFinding",
    "DealForecast",
    "Entry",
    "Event",
    "Exhibit",
    "ForecastTotal",
    "Head",
    "ImportBatch",
    "Invitation",
    "Job",
    "Membership",
    "Owner",
    "Person",
    "Pin",
    "Process",
    "ProcessVersion",
    "SearchWord",
    "SetupLink",
    "Trial",
    "Upload",
    "Voiding",
    "Wording",
    "Workspace",
]
