"""Salesforce Opportunity History reports: one row per change of stage, amount or close date."""

from __future__ import annotations

from headway.connectors.files.cells import Cells
from headway.connectors.files.layout import Aliases, certainty_of, columns_by_role, sample_of, share_that, sources_of
from headway.connectors.files.mapped import stage_history
from headway.connectors.files.salesforce_ids import looks_like_opportunity, short_ids
from headway.connectors.files.staging import Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import HistoryMap

ALIASES: Aliases = {
    "deal": (
        "Opportunity ID", "Opportunity: Opportunity ID", "Opportunity-ID", "ID der Opportunity", "ID de l'opportunité",
        "ID d'opportunité", "Id. de oportunidad", "ID de la oportunidad", "ID de oportunidad",
    ),
    "name": (
        "Opportunity Name", "Opportunity: Opportunity Name", "Opportunity-Name", "Opportunityname",
        "Name der Opportunity", "Nom de l'opportunité", "Nom d'opportunité", "Nombre de la oportunidad",
        "Nombre de oportunidad",
    ),
    "from_stage": ("From Stage", "Von Phase", "Aus Phase", "De l'étape", "De l’étape", "Étape de départ",
                   "Desde etapa", "De etapa", "Etapa de origen"),
    "stage": ("To Stage", "Bis Phase", "Nach Phase", "In Phase", "Zu Phase", "À l'étape", "Vers l'étape",
              "Étape d'arrivée",
              "Hasta etapa", "A etapa", "Etapa de destino"),
    "duration": ("Stage Duration", "Phasendauer", "Dauer der Phase", "Durée de l'étape", "Duración de la etapa"),
    "when": ("Last Modified", "Last Modified Date", "Zuletzt geändert", "Letzte Änderung", "Dernière modification",
             "Date de dernière modification", "Última modificación", "Fecha de última modificación"),
    "who": ("Last Modified By", "Zuletzt geändert von", "Letzte Änderung von", "Dernière modification par",
            "Última modificación por", "Última modificación realizada por"),
    "amount": ("Amount", "Betrag", "Montant", "Importe", "Monto", "Cantidad"),
    "expected_close": ("Close Date", "Schlusstermin", "Abschlussdatum", "Date de clôture", "Date de fermeture",
                       "Fecha de cierre"),
    "created": ("Created Date", "Erstelldatum", "Erstellungsdatum", "Erstellt am", "Date de création",
                "Fecha de creación"),
}  # fmt: skip


class SalesforceHistoryReport:
    """Rows with the same stage before and after are edits of amount or close date."""

    name = "salesforce_history_report"
    crm = "Salesforce"
    aliases = ALIASES

    def certainty(self, table: Table) -> float:
        """By the two columns of stages, which no other export has."""
        roles = columns_by_role(table.columns, ALIASES)
        if "deal" not in roles and "name" not in roles:
            return 0.0
        checks = [share_that(sample_of(table, roles["deal"]), looks_like_opportunity)] if "deal" in roles else []
        return certainty_of(roles, ("stage", "when"), ("from_stage", "duration", "who"), checks)

    def fill(self, cells: Cells, staging: Staging, file: int) -> None:
        """Stage one row per change."""
        roles = columns_by_role(cells.table.columns, ALIASES)
        known = {"deal": short_ids(cells.text((roles["deal"],)))} if "deal" in roles else {}
        wanted = ("name", "stage", "from_stage", "when", "who", "amount", "expected_close", "created")
        stage_history(cells, HistoryMap(roles=sources_of(roles, wanted)), staging, file, known)


LAYOUT = SalesforceHistoryReport()
