"""Salesforce opportunity reports, exported with details only: one row per opportunity, in the user's language."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from headway.connectors.files.cells import Cells
from headway.connectors.files.layout import Aliases, certainty_of, columns_by_role, sample_of, share_that, sources_of
from headway.connectors.files.mapped import stage_deals
from headway.connectors.files.salesforce_ids import looks_like_opportunity, short_ids
from headway.connectors.files.staging import Knowledge, Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import DealsMap
from headway.diagnosis.value import Repair

ALIASES: Aliases = {
    "id": (
        "Opportunity ID", "Opportunity: Opportunity ID", "Opportunity ID (18)", "Case Safe ID", "Opportunity-ID",
        "ID der Opportunity", "ID de l'opportunité", "ID d'opportunité", "Id. de oportunidad", "ID de la oportunidad",
        "ID de oportunidad",
    ),
    "name": (
        "Opportunity Name", "Opportunity: Opportunity Name", "Opportunity-Name", "Opportunityname",
        "Name der Opportunity", "Nom de l'opportunité", "Nom d'opportunité", "Nombre de la oportunidad",
        "Nombre de oportunidad",
    ),
    "from_stage": ("From Stage", "Von Phase", "De l'étape", "Desde etapa", "De etapa"),
    "stage": ("Stage", "Phase", "Verkaufsphase", "Étape", "Etapa"),
    "account": (
        "Account Name", "Account Name: Account Name", "Accountname", "Account-Name", "Nom du compte",
        "Nombre de la cuenta", "Nombre de cuenta",
    ),
    "owner": (
        "Opportunity Owner", "Opportunity Owner: Full Name", "Owner", "Owner Full Name", "Opportunity-Inhaber",
        "Inhaber der Opportunity", "Opportunityinhaber", "Inhaber", "Propriétaire de l'opportunité", "Propriétaire",
        "Propietario de la oportunidad", "Propietario de oportunidad", "Propietario",
    ),
    "team": (
        "Owner Role", "Opportunity Owner: Role", "Inhaberrolle", "Rolle des Inhabers", "Rôle du propriétaire",
        "Función del propietario", "Rol del propietario",
    ),
    "amount": ("Amount", "Betrag", "Montant", "Importe", "Monto", "Cantidad"),
    "currency": (
        "Amount Currency", "Opportunity Currency", "Currency", "Betrag Währung", "Währung der Opportunity",
        "Devise du montant", "Devise de l'opportunité", "Divisa de Importe", "Divisa de la oportunidad",
    ),
    "expected_close": (
        "Close Date", "Schlusstermin", "Abschlussdatum", "Date de clôture", "Date de fermeture", "Fecha de cierre",
    ),
    "created": (
        "Created Date", "Opportunity: Created Date", "Erstelldatum", "Erstellungsdatum", "Erstellt am",
        "Date de création", "Fecha de creación",
    ),
    "modified": (
        "Last Modified Date", "Datum der letzten Änderung", "Zuletzt geändert am", "Letztes Änderungsdatum",
        "Date de dernière modification", "Date de la dernière modification", "Fecha de última modificación",
        "Fecha de la última modificación",
    ),
    "stage_since": (
        "Last Stage Change Date", "Datum der letzten Phasenänderung", "Date du dernier changement d'étape",
        "Fecha del último cambio de etapa",
    ),
    "record_type": (
        "Opportunity Record Type", "Record Type", "Opportunity-Datensatztyp", "Datensatztyp der Opportunity",
        "Type d'enregistrement de l'opportunité", "Type d'enregistrement d'opportunité",
        "Tipo de registro de oportunidad", "Tipo de registro de la oportunidad",
    ),
    "segment": ("Industry", "Segment", "Branche", "Secteur d'activité", "Secteur", "Sector"),
    "reason": (
        "Loss Reason", "Lost Reason", "Closed Lost Reason", "Reason Lost", "Reason for Loss", "Verlustgrund",
        "Grund für Verlust", "Raison de la perte", "Motif de perte", "Motivo de la pérdida", "Motivo de pérdida",
    ),
    "is_closed": ("Closed", "Geschlossen", "Fermé", "Fermée", "Clôturé", "Cerrado", "Cerrada"),
    "is_won": ("Won", "Gewonnen", "Gagné", "Gagnée", "Remporté", "Ganado", "Ganada"),
    "probability": ("Probability (%)", "Wahrscheinlichkeit (%)", "Probabilité (%)", "Probabilidad (%)"),
    "fiscal": ("Fiscal Period", "Geschäftszeitraum", "Période fiscale", "Periodo fiscal", "Período fiscal"),
    "next_step": ("Next Step", "Nächster Schritt", "Étape suivante", "Paso siguiente", "Siguiente paso"),
    "lead_source": ("Lead Source", "Leadquelle", "Lead-Quelle", "Origine de la piste", "Origen del candidato"),
}  # fmt: skip
_DEAL = (
    "id", "name", "stage", "amount", "expected_close", "created", "modified", "stage_since", "owner", "account",
    "record_type", "segment", "team", "currency", "reason",
)  # fmt: skip


class SalesforceOpportunityReport:
    """Values of the day of the export; no history but when the stage last changed, where that column was added."""

    name = "salesforce_opportunity_report"
    crm = "Salesforce"
    aliases = ALIASES

    def certainty(self, table: Table) -> float:
        """By the labels of a report; one with `From Stage` is a history."""
        roles = columns_by_role(table.columns, ALIASES)
        if "from_stage" in roles:
            return 0.0
        telling = ("owner", "account", "probability", "fiscal", "next_step", "lead_source", "expected_close", "created")
        checks = [share_that(sample_of(table, roles["id"]), looks_like_opportunity)] if "id" in roles else []
        return certainty_of(roles, ("name", "stage"), telling, checks)

    def fill(self, cells: Cells, staging: Staging, file: int) -> None:
        """Stage one row per deal; without an id its name tells deals apart."""
        roles = columns_by_role(cells.table.columns, ALIASES)
        known: dict[str, pa.Array] = {}
        for flag in ("is_closed", "is_won"):
            if flag in roles:
                known[flag] = cells.flags(roles[flag])
        if "id" in roles:
            known["deal"] = short_ids(cells.text((roles["id"],)))
        else:
            what = "column with the opportunity's id (the name tells deals apart, with the account where needed)"
            cells.repairs.append(Repair("missing", what, 1, cells.table.name))
        if "expected_close" in roles:
            roles["closed"] = roles["expected_close"]
        if "is_won" in known and "is_closed" not in known:
            known["is_closed"] = pc.if_else(known["is_won"], True, None)
        staging.knowledge = Knowledge(created="history", closed="snapshot", stage_since="history")
        stage_deals(cells, DealsMap(roles=sources_of(roles, (*_DEAL, "closed"))), staging, file, known)


LAYOUT = SalesforceOpportunityReport()
