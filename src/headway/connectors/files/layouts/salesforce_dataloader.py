"""Salesforce Data Loader and API exports: the objects Opportunity and OpportunityHistory, by their field names."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from headway.connectors.files.cells import Cells
from headway.connectors.files.layout import Aliases, certainty_of, columns_by_role, sample_of, share_that, sources_of
from headway.connectors.files.mapped import stage_deals, stage_history
from headway.connectors.files.salesforce_ids import looks_like_opportunity, short_ids
from headway.connectors.files.staging import Knowledge, Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import DealsMap, HistoryMap

# Owner.Name and its kin come from SOQL exports; ids of users and accounts stand in where names are absent.
ALIASES: Aliases = {
    "history_of": ("OpportunityId", "Opportunity_Id"),
    "id": ("Id",),
    "name": ("Name",),
    "stage": ("StageName",),
    "amount": ("Amount",),
    "expected_close": ("CloseDate",),
    "created": ("CreatedDate",),
    "created_by": ("CreatedBy.Name", "CreatedById"),
    "modified": ("LastModifiedDate", "SystemModstamp"),
    "stage_since": ("LastStageChangeDate",),
    "owner": ("Owner.Name", "OwnerId"),
    "account": ("Account.Name", "AccountId"),
    "record_type": ("RecordType.DeveloperName", "RecordType.Name", "RecordTypeId"),
    "pipeline": ("Pipeline__c",),
    "segment": ("Account.Industry", "Account.Type"),
    "team": ("Owner.UserRole.Name",),
    "currency": ("CurrencyIsoCode",),
    "reason": ("Loss_Reason__c", "LossReason__c", "Lost_Reason__c", "Closed_Lost_Reason__c", "Reason_Lost__c"),
    "is_closed": ("IsClosed",),
    "is_won": ("IsWon",),
    "is_deleted": ("IsDeleted",),
    "forecast": ("ForecastCategory", "ForecastCategoryName"),
    "probability": ("Probability",),
}
_DEAL = (
    "id", "name", "stage", "amount", "expected_close", "created", "modified", "stage_since", "owner", "account",
    "record_type", "pipeline", "segment", "team", "currency", "reason",
)  # fmt: skip


class SalesforceDataLoader:
    """`Opportunity` has one row per deal, `OpportunityHistory` one per change of stage, amount or close date."""

    name = "salesforce_dataloader"
    crm = "Salesforce"
    aliases = ALIASES

    def certainty(self, table: Table) -> float:
        """By field names that no report has, and ids that begin with 006."""
        roles = columns_by_role(table.columns, ALIASES)
        if "history_of" in roles:
            marks: tuple[str, ...] = ("forecast", "expected_close", "created_by", "probability", "amount")
            ids = share_that(sample_of(table, roles["history_of"]), looks_like_opportunity)
            return certainty_of(roles, ("history_of", "stage", "created"), marks, [ids])
        telling = ("is_closed", "is_won", "is_deleted", "forecast", "owner", "record_type", "created", "modified")
        ids = share_that(sample_of(table, roles["id"]), looks_like_opportunity) if "id" in roles else 0.0
        return certainty_of(roles, ("id", "stage", "name"), telling, [ids])

    def fill(self, cells: Cells, staging: Staging, file: int) -> None:
        """Stage either object; deleted records are left out and counted."""
        roles = columns_by_role(cells.table.columns, ALIASES)
        if "is_deleted" in roles:
            deleted = cells.flags(roles["is_deleted"])
            if "history_of" not in roles:
                staging.forget(short_ids(cells.text((roles["id"],)).filter(pc.fill_null(deleted, False))))
            cells = cells.without(deleted, "deleted record (IsDeleted)")
        if "history_of" in roles:
            self._history(cells, roles, staging, file)
            return
        known = {"deal": short_ids(cells.text((roles["id"],)))}
        known |= {name: cells.flags(roles[name]) for name in ("is_closed", "is_won") if name in roles}
        close = roles.get("expected_close")
        if close:
            roles = {**roles, "closed": close}
        staging.knowledge = Knowledge(created="history", closed="snapshot", stage_since="history")
        stage_deals(cells, DealsMap(roles=sources_of(roles, (*_DEAL, "closed"))), staging, file, known)

    def _history(self, cells: Cells, roles: dict[str, str], staging: Staging, file: int) -> None:
        roles = {**roles, "when": roles["created"], "who": roles.get("created_by", "")}
        wanted = ("stage", "when", "amount", "expected_close", *(("who",) if roles["who"] else ()))
        known = {"deal": short_ids(cells.text((roles["history_of"],))), **_closing_flags(cells, roles)}
        stage_history(cells, HistoryMap(roles=sources_of(roles, wanted)), staging, file, known)


def _closing_flags(cells: Cells, roles: dict[str, str]) -> dict[str, pa.Array]:
    """Which stages close a deal, by the forecast category that Salesforce stamps on each row.

    Won deals are in the category Closed; lost ones are Omitted with a probability of 0, as some open ones are too:
    those are left to the name of the stage.
    """
    if "forecast" not in roles:
        return {}
    forecast = pc.utf8_lower(cells.text((roles["forecast"],)))
    won = pc.equal(forecast, "closed")
    unsure = pc.equal(forecast, "omitted")
    closed = pc.if_else(unsure, pa.scalar(None, pa.bool_()), won)
    return {"is_won": pc.if_else(unsure, pa.scalar(None, pa.bool_()), won), "is_closed": closed}


LAYOUT = SalesforceDataLoader()
