"""The tables. Nobody outside `headway.store` imports this."""

from headway.store.models.analyses import Analysis, AnalysisText, DealFinding, TeamFigure
from headway.store.models.audit import Entry, Head
from headway.store.models.corrections import Correction, CorrectionLook, CorrectionVoiding, FindingEnd
from headway.store.models.deals import Contact, Deal, Owner, SearchWord
from headway.store.models.forecasts import Call, CallVoiding, DealForecast, ForecastTotal
from headway.store.models.gates import Gate, GateChange, GatePassing
from headway.store.models.history import AllowedException, Attachment, Event, Exhibit, Voiding, Wording
from headway.store.models.imports import BatchKept, BatchUndone, ImportBatch, Upload
from headway.store.models.installs import Baseline, BaselineReading, InstallStep
from headway.store.models.jobs import Job
from headway.store.models.keeping import CurrencyRate, Erasure, HandOver, WorkspaceExport
from headway.store.models.outbox import NoticeChoice, OutMessage, Reminder, SeenRequest, SlackHook
from headway.store.models.people import Invitation, Membership, Person, SetupLink, Workspace
from headway.store.models.placings import Placement, Placing, PlacingDeal, PlacingPerson
from headway.store.models.processes import Pin, Process, ProcessVersion
from headway.store.models.reviews import (
    AgendaItem,
    Answer,
    Commitment,
    CommitmentEnd,
    DealCall,
    Decision,
    DecisionVoiding,
    ReviewPerson,
    SelfReview,
)
from headway.store.models.rhythms import CalendarLink, Holiday, Review, Rhythm, RhythmPerson
from headway.store.models.trials import Trial

__all__ = [
    "AgendaItem",
    "AllowedException",
    "Analysis",
    "AnalysisText",
    "Answer",
    "Attachment",
    "Baseline",
    "BaselineReading",
    "BatchKept",
    "BatchUndone",
    "CalendarLink",
    "Call",
    "CallVoiding",
    "Commitment",
    "CommitmentEnd",
    "Contact",
    "Correction",
    "CorrectionLook",
    "CorrectionVoiding",
    "CurrencyRate",
    "Deal",
    "DealCall",
    "DealFinding",
    "DealForecast",
    "Decision",
    "DecisionVoiding",
    "Entry",
    "Erasure",
    "Event",
    "Exhibit",
    "FindingEnd",
    "ForecastTotal",
    "Gate",
    "GateChange",
    "GatePassing",
    "HandOver",
    "Head",
    "Holiday",
    "ImportBatch",
    "InstallStep",
    "Invitation",
    "Job",
    "Membership",
    "NoticeChoice",
    "OutMessage",
    "Owner",
    "Person",
    "Pin",
    "Placement",
    "Placing",
    "PlacingDeal",
    "PlacingPerson",
    "Process",
    "ProcessVersion",
    "Reminder",
    "Review",
    "ReviewPerson",
    "Rhythm",
    "RhythmPerson",
    "SearchWord",
    "SeenRequest",
    "SelfReview",
    "SetupLink",
    "SlackHook",
    "TeamFigure",
    "Trial",
    "Upload",
    "Voiding",
    "Wording",
    "Workspace",
    "WorkspaceExport",
]
