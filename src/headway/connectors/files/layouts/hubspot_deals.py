"""HubSpot deal exports: one row per deal, and a column per stage that says when the deal entered it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from headway.connectors.files.cells import Cells
from headway.connectors.files.layout import Aliases, certainty_of, columns_by_role, sample_of, share_that, sources_of
from headway.connectors.files.mapped import stage_deals
from headway.connectors.files.staging import Knowledge, Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import DealsMap

ALIASES: Aliases = {
    "id": ("Record ID", "hs_object_id", "Record ID - Deal", "Datensatz-ID", "Datensatz-ID - Deal",
           "ID d'enregistrement", "ID de fiche d'informations", "N.º de registro", "ID de registro", "ID del registro",
           "dealId", "Deal ID"),
    "name": ("Deal Name", "dealname", "Deal-Name", "Dealname", "Name des Deals", "Nom de la transaction",
             "Nom de l'affaire", "Nombre del negocio", "Nombre de negocio"),
    "pipeline": ("Pipeline", "Deal Pipeline", "Pipeline de la transaction", "Pipeline del negocio"),
    "stage": ("Deal Stage", "dealstage", "Deal-Phase", "Dealphase", "Phase de la transaction",
              "Étape de la transaction", "Phase de transaction", "Etapa del negocio", "Etapa de negocio"),
    "amount": ("Amount", "Betrag", "Montant", "Valor", "Importe", "Cantidad"),
    "amount_own": ("Amount in company currency", "amount_in_home_currency", "Betrag in Unternehmenswährung",
                   "Montant dans la devise de l'entreprise", "Valor en la moneda de la empresa"),
    "currency": ("Currency", "deal_currency_code", "Währung", "Devise", "Moneda"),
    "expected_close": ("Close Date", "closedate", "Abschlussdatum", "Schlussdatum", "Date de fermeture",
                       "Date de clôture", "Fecha de cierre"),
    "created": ("Create Date", "createdate", "hs_createdate", "Erstelldatum", "Erstellungsdatum", "Date de création",
                "Fecha de creación"),
    "modified": ("Last Modified Date", "hs_lastmodifieddate", "Datum der letzten Änderung", "Letztes Änderungsdatum",
                 "Date de dernière modification", "Fecha de última modificación",
                 "Fecha de la última modificación"),
    "owner": ("Deal owner", "hubspot_owner_id", "Deal-Inhaber", "Deal-Besitzer", "Zuständiger Mitarbeiter",
              "Propriétaire de la transaction", "Propietario del negocio"),
    "team": ("HubSpot Team", "hubspot_team_id", "HubSpot-Team", "Équipe HubSpot", "Equipo de HubSpot"),
    "account": ("Associated Company (Primary)", "Associated Company Names (Primary)", "Associated Company",
                "Associated Company Names", "Zugeordnetes Unternehmen (primär)", "Zugeordnetes Unternehmen",
                "Entreprise associée (principale)", "Entreprise associée", "Empresa asociada (principal)",
                "Empresa asociada"),
    "record_type": ("Deal Type", "dealtype", "Deal-Typ", "Type de transaction", "Tipo de negocio"),
    "reason": ("Closed Lost Reason", "closed_lost_reason", "Grund für verlorenen Deal",
               "Grund für verlorenes Geschäft", "Raison de la perte", "Motif de la transaction perdue",
               "Motivo de negocio perdido", "Razón de negocio perdido", "Motivo del cierre perdido"),
    "is_won": ("Is Closed Won", "hs_is_closed_won", "Ist abgeschlossen und gewonnen", "Est fermée et gagnée",
               "Es un cierre ganado"),
    "is_closed": ("Is Deal Closed?", "Is closed", "hs_is_closed", "Ist Deal abgeschlossen?",
                  "La transaction est-elle fermée ?",
                  "¿El negocio está cerrado?"),
    "last_activity": ("Last Activity Date", "notes_last_updated", "Datum der letzten Aktivität",
                      "Date de dernière activité", "Fecha de la última actividad"),
}  # fmt: skip
_DEAL = (
    "id", "name", "pipeline", "stage", "amount", "currency", "expected_close", "closed", "created", "modified",
    "owner", "team", "account", "record_type", "reason",
)  # fmt: skip
_FLAGS: tuple[str, ...] = ("is_closed", "is_won")
_QUOTES = "\"'“”„‟‘’‚«»‹›`"
_ENTERED = re.compile(
    r"^\s*(?:date entered|datum des eintritts(?: in)?|eintrittsdatum(?: in)?|eingetreten am|datum der eingabe"
    r"|date d[’']entrée(?: dans)?|entrée dans le|fecha de (?:entrada|ingreso)(?: en)?)\s*[:\-]?\s*(?P<rest>.+?)\s*$",
    re.IGNORECASE,
)
_INTERNAL = re.compile(r"^\s*hs_(?:v2_)?date_entered_(?P<id>.+?)\s*$", re.IGNORECASE)
_WITH_PIPELINE = re.compile(r"^(?P<stage>.+?)\s*\((?P<pipeline>[^()]*(?:\([^()]*\)[^()]*)*)\)$")
# The ids of the stages that HubSpot ships; all others are numbers.
SHIPPED = {
    "appointmentscheduled": "Appointment Scheduled", "qualifiedtobuy": "Qualified To Buy",
    "presentationscheduled": "Presentation Scheduled", "decisionmakerboughtin": "Decision Maker Bought-In",
    "contractsent": "Contract Sent", "closedwon": "Closed Won", "closedlost": "Closed Lost",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entered:
    """A column that says when a stage was entered; `pipeline` None where the label does not name it."""

    column: str
    stage: str
    pipeline: str | None


def entered_columns(columns: tuple[str, ...]) -> list[Entered]:
    """The columns of stage times, in whatever quotes, language or internal form."""
    found = []
    for column in columns:
        internal = _INTERNAL.match(column)
        label = _ENTERED.match(column)
        if internal:
            found.append(Entered(column, _stage_name(internal["id"]), None))
        elif label:
            rest = label["rest"].strip().strip(_QUOTES + "  ").strip()
            parts = _WITH_PIPELINE.match(rest)
            stage, pipeline = (parts["stage"], parts["pipeline"]) if parts else (rest, None)
            found.append(Entered(column, _stage_name(stage.strip().strip(_QUOTES)), pipeline))
    return found


def _stage_name(text: str) -> str:
    return SHIPPED.get(text.strip().casefold(), text.strip())


class HubSpotDeals:
    """The times of stages are HubSpot's own history: the last time each stage was entered."""

    name = "hubspot_deals"
    crm = "HubSpot"
    aliases = ALIASES

    def certainty(self, table: Table) -> float:
        """By HubSpot's own labels, most of all the columns of stage times, and ids that are numbers."""
        roles = columns_by_role(table.columns, ALIASES)
        if entered_columns(table.columns):
            roles = {**roles, "entered": ""}
        telling = (
            "entered",
            "entered",
            "pipeline",
            "owner",
            "id",
            "account",
            "created",
            "last_activity",
            "record_type",
        )
        checks = [share_that(sample_of(table, roles["id"]), str.isdigit)] if "id" in roles else []
        return certainty_of(roles, ("name", "stage"), tuple(dict.fromkeys(telling)), checks)

    def fill(self, cells: Cells, staging: Staging, file: int) -> None:
        """Stage one row per deal and one state per stage time of the deal's own pipeline."""
        roles = columns_by_role(cells.table.columns, ALIASES)
        if "amount" not in roles and "amount_own" in roles:
            roles["amount"] = roles["amount_own"]
        if "expected_close" in roles:
            roles["closed"] = roles["expected_close"]
        entered = entered_columns(cells.table.columns)
        dated = [roles[role] for role in ("expected_close", "created", "modified") if role in roles]
        cells.read_dates([*dated, *(item.column for item in entered)])
        known: dict[str, pa.Array] = {flag: cells.flags(roles[flag]) for flag in _FLAGS if flag in roles}
        known["stage"] = _shipped(cells.text((roles["stage"],)))
        staging.knowledge = Knowledge(created="history", closed="snapshot", stage_since="history")
        found = stage_deals(cells, DealsMap(roles=sources_of(roles, _DEAL)), staging, file, known)
        if entered:
            _stage_times(cells, entered, found, staging)


def _shipped(stages: pa.Array) -> pa.Array:
    encoded = stages.dictionary_encode()
    return pa.array([_stage_name(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _stage_times(cells: Cells, entered: list[Entered], deals: dict[str, pa.Array], staging: Staging) -> None:
    """One state per deal and stage time. Times of stages in another pipeline than the deal's are counted apart."""
    nothing = pa.nulls(cells.rows, pa.string())
    pipelines = deals.get("pipeline", nothing)
    current = pc.utf8_lower(deals["stage"])
    parts = []
    for item in entered:
        moments = cells.instants(item.column)
        own = pc.is_valid(moments)
        if item.pipeline is not None and "pipeline" in deals:
            same = pc.equal(pc.utf8_lower(pipelines), item.pipeline.casefold())
            own = pc.and_(own, pc.fill_null(same, True))
        count = pc.sum(own).as_py() or 0
        if count:
            parts.append(
                pa.table(
                    {
                        "file": deals["file"].filter(own),
                        "line": deals["line"].filter(own),
                        "deal": deals.get("deal", nothing).filter(own),
                        "deal_name": deals.get("name", nothing).filter(own),
                        "stage": pa.repeat(pa.scalar(item.stage), count),
                        "moment": moments.filter(own),
                        "current": pc.fill_null(pc.equal(current, item.stage.casefold()), False).filter(own),
                    }
                )
            )
        other = (pc.sum(pc.is_valid(moments)).as_py() or 0) - count
        what = "time of a stage in a pipeline that the deal is no longer in"
        staging.note("dropped", what, other, cells.table.name)
    if not parts:
        return
    staging.put("stage_times", pa.concat_tables(parts))
    tied = staging.table(_TIED)
    staging.add_states({name: tied[name].combine_chunks() for name in tied.column_names}, tied.num_rows)


# HubSpot writes minutes, so that a deal may enter several stages at once. They are ordered by where deals usually
# have the stage, whatever the order of the columns; the stage a deal stands in comes last.
_TIED = """
    WITH placed AS (
        SELECT *, rank() OVER (PARTITION BY coalesce(deal, deal_name) ORDER BY moment) AS nth FROM stage_times
    )
    SELECT file, line, deal, deal_name, stage, moment,
        usual + CASE WHEN current THEN 1e6 ELSE 0 END AS tie
    FROM placed JOIN (
        SELECT stage, row_number() OVER (ORDER BY avg(nth), stage) AS usual FROM placed GROUP BY stage
    ) USING (stage)
    ORDER BY file, line, moment, tie
"""

LAYOUT = HubSpotDeals()
