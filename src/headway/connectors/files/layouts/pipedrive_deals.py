"""Pipedrive deal exports and the import template, with columns called `Deal - Title` or `Title`."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from headway.connectors.files.cells import Cells
from headway.connectors.files.layout import (
    Aliases,
    certainty_of,
    columns_by_role,
    folded_label,
    sample_of,
    share_that,
    sources_of,
)
from headway.connectors.files.mapped import stage_deals
from headway.connectors.files.staging import Knowledge, Staging
from headway.connectors.files.table import Table
from headway.connectors.mapping import DealsMap

ALIASES: Aliases = {
    "id": ("ID", "Pipedrive System ID", "Deal ID"),
    "name": ("Title", "Titel", "Titre", "Título"),
    "status": ("Status", "Statut", "Estado", "Estatus"),
    "stage": ("Stage", "Stage (pipeline)", "Phase", "Étape", "Etapa"),
    "pipeline": ("Pipeline", "Embudo", "Canal de ventas"),
    "owner": ("Owner", "Besitzer", "Verantwortlicher", "Inhaber", "Propriétaire", "Propietario", "Creator"),
    "amount": ("Value", "Wert", "Valeur", "Valor"),
    "currency": ("Currency of Value", "Currency", "Währung", "Wert Währung", "Devise", "Devise de Valeur", "Moneda",
                 "Moneda de Valor"),
    "account": ("Organization", "Organisation", "Organización"),
    "created": ("Deal created", "Creation date", "Add time", "Deal erstellt", "Erstellungsdatum", "Affaire créée",
                "Date de création", "Trato creado", "Fecha de creación"),
    "modified": ("Update time", "Aktualisierungszeit", "Heure de mise à jour", "Date de mise à jour",
                 "Hora de actualización"),
    "stage_since": ("Last stage change", "Letzte Phasenänderung", "Letzter Phasenwechsel", "Dernier changement d'étape",
                    "Último cambio de etapa"),
    "won_time": ("Won time", "Gewonnen am", "Zeitpunkt gewonnen", "Heure de gain", "Gagné le", "Hora en que se ganó",
                 "Ganado el"),
    "lost_time": ("Lost time", "Verloren am", "Zeitpunkt verloren", "Heure de perte", "Perdu le",
                  "Hora en que se perdió", "Perdido el"),
    "closed": ("Deal closed on", "Closed on", "Close time", "Deal abgeschlossen am", "Abgeschlossen am",
               "Affaire conclue le", "Clôturé le", "Trato cerrado el", "Cerrado el"),
    "reason": ("Lost reason", "Grund für Verlust", "Verlustgrund", "Raison de la perte", "Raison de perte",
               "Motivo de la pérdida", "Motivo de pérdida"),
    "expected_close": ("Expected close date", "Voraussichtliches Abschlussdatum", "Erwartetes Abschlussdatum",
                       "Date de clôture prévue", "Date de clôture attendue", "Fecha prevista de cierre",
                       "Fecha de cierre prevista", "Fecha estimada de cierre"),
    "segment": ("Label", "Etikett", "Étiquette", "Etiqueta"),
    "probability": ("Probability", "Wahrscheinlichkeit", "Probabilité", "Probabilidad"),
    "weighted": ("Weighted value", "Gewichteter Wert", "Valeur pondérée", "Valor ponderado"),
    "contact": ("Contact person", "Kontaktperson", "Personne à contacter", "Interlocuteur", "Persona de contacto"),
    "activities": ("Total activities", "Aktivitäten gesamt", "Total des activités", "Total de actividades"),
}  # fmt: skip
_DEAL = (
    "id", "name", "stage", "pipeline", "owner", "amount", "currency", "account", "created", "modified", "stage_since",
    "reason", "expected_close", "segment",
)  # fmt: skip
_STATUS = {
    **dict.fromkeys(("open", "offen", "ouvert", "ouverte", "abierto", "abierta", "encours"), "open"),
    **dict.fromkeys(("won", "gewonnen", "gagne", "gagnee", "ganado", "ganada"), "won"),
    **dict.fromkeys(("lost", "verloren", "perdu", "perdue", "perdido", "perdida"), "lost"),
    **dict.fromkeys(("deleted", "geloscht", "supprime", "supprimee", "eliminado", "eliminada", "borrado"), "deleted"),
}


class PipedriveDeals:
    """The status says the outcome, the stage where it fell: no history, but when the stage last changed."""

    name = "pipedrive_deals"
    crm = "Pipedrive"
    aliases = ALIASES

    def certainty(self, table: Table) -> float:
        """By `Deal - ` in front of the labels, else by the words of the status."""
        roles = columns_by_role(table.columns, ALIASES)
        telling = (
            "amount",
            "pipeline",
            "account",
            "contact",
            "weighted",
            "activities",
            "stage_since",
            "expected_close",
        )
        prefixed = sum(folded_label(column) != folded_label("x" + column)[1:] for column in table.columns)
        checks = [min(1.0, prefixed / 3)]
        if "status" in roles:
            checks.append(share_that(sample_of(table, roles["status"]), lambda text: folded_label(text) in _STATUS))
        needed = ("name", "stage") if prefixed >= 3 else ("name", "stage", "status")
        return certainty_of(roles, needed, telling, checks)

    def fill(self, cells: Cells, staging: Staging, file: int) -> None:
        """Stage one row per deal; deleted ones are left out and counted."""
        roles = columns_by_role(cells.table.columns, ALIASES)
        if "status" in roles:
            statuses = _statuses(cells, roles["status"])
            cells = cells.without(pc.equal(statuses, "deleted"), "deleted deal")
        times = [roles[role] for role in ("won_time", "lost_time", "closed") if role in roles]
        cells.read_dates(
            [roles[role] for role in ("created", "modified", "stage_since", "expected_close") if role in roles] + times
        )
        known: dict[str, pa.Array] = {}
        if "status" in roles:
            known["outcome"] = _statuses(cells, roles["status"])
        if times:
            known["closed_at"] = _closed_at(cells, roles, known.get("outcome"))
        # A closing time is stamped by Pipedrive when the status changes.
        staging.knowledge = Knowledge(created="history", closed="history", stage_since="history")
        stage_deals(cells, DealsMap(roles=sources_of(roles, _DEAL)), staging, file, known)


def _statuses(cells: Cells, column: str) -> pa.Array:
    encoded = cells.text((column,)).dictionary_encode()
    means = [_STATUS.get(folded_label(text)) for text in encoded.dictionary.to_pylist()]
    return pa.array(means, pa.string()).take(encoded.indices)


def _closed_at(cells: Cells, roles: dict[str, str], outcome: pa.Array | None) -> pa.Array:
    """When the deal was decided: the time of its present status, for a deal won after having been lost before."""
    found = {role: cells.instants(roles[role]) for role in ("won_time", "lost_time", "closed") if role in roles}
    nothing = pa.nulls(cells.rows, pa.timestamp("us"))
    won, lost = found.get("won_time", nothing), found.get("lost_time", nothing)
    by_status = (
        pc.if_else(pc.fill_null(pc.equal(outcome, "lost"), False), lost, won) if outcome is not None else nothing
    )
    return pc.coalesce(by_status, found.get("closed", nothing), won, lost)


LAYOUT = PipedriveDeals()
