"""The pipeline of `exports` as HubSpot and Pipedrive write it, in four languages."""

from __future__ import annotations

from datetime import datetime

from tests.connectors.exports import DEALS, Deal, Row, plain_amount

HUBSPOT = {
    "en": {
        "id": "Record ID", "name": "Deal Name", "pipeline": "Pipeline", "stage": "Deal Stage", "amount": "Amount",
        "close": "Close Date", "created": "Create Date", "owner": "Deal owner",
        "account": "Associated Company (Primary)",
        "modified": "Last Modified Date", "reason": "Closed Lost Reason", "currency": "Currency",
        "entered": 'Date entered "{} ({})"',
    },
    "de": {
        "id": "Datensatz-ID", "name": "Deal-Name", "pipeline": "Pipeline", "stage": "Deal-Phase", "amount": "Betrag",
        "close": "Abschlussdatum", "created": "Erstellungsdatum", "owner": "Deal-Inhaber",
        "account": "Zugeordnetes Unternehmen (primär)", "modified": "Datum der letzten Änderung",
        "reason": "Grund für verlorenen Deal", "currency": "Währung", "entered": "Datum des Eintritts in „{} ({})“",
    },
    "fr": {
        "id": "ID d'enregistrement", "name": "Nom de la transaction", "pipeline": "Pipeline",
        "stage": "Phase de la transaction", "amount": "Montant", "close": "Date de fermeture",
        "created": "Date de création", "owner": "Propriétaire de la transaction",
        "account": "Entreprise associée (principale)", "modified": "Date de dernière modification",
        "reason": "Raison de la perte", "currency": "Devise", "entered": "Date d'entrée dans « {} ({}) »",
    },
    "es": {
        "id": "ID de registro", "name": "Nombre del negocio", "pipeline": "Pipeline", "stage": "Etapa del negocio",
        "amount": "Valor", "close": "Fecha de cierre", "created": "Fecha de creación",
        "owner": "Propietario del negocio",
        "account": "Empresa asociada (principal)", "modified": "Fecha de última modificación",
        "reason": "Motivo de negocio perdido", "currency": "Moneda", "entered": 'Fecha de entrada en "{} ({})"',
    },
}  # fmt: skip
PIPEDRIVE = {
    "en": {
        "id": "ID", "title": "Title", "owner": "Owner", "value": "Value", "currency": "Currency of Value",
        "organization": "Organization", "pipeline": "Pipeline", "stage": "Stage", "status": "Status",
        "created": "Deal created", "updated": "Update time", "since": "Last stage change", "won": "Won time",
        "lost": "Lost time", "closed": "Deal closed on", "reason": "Lost reason", "expected": "Expected close date",
        "prefix": "Deal - ", "Open": "Open", "Won": "Won", "Lost": "Lost",
    },
    "de": {
        "id": "ID", "title": "Titel", "owner": "Besitzer", "value": "Wert", "currency": "Währung",
        "organization": "Organisation", "pipeline": "Pipeline", "stage": "Phase", "status": "Status",
        "created": "Deal erstellt", "updated": "Aktualisierungszeit", "since": "Letzte Phasenänderung",
        "won": "Gewonnen am", "lost": "Verloren am", "closed": "Deal abgeschlossen am", "reason": "Grund für Verlust",
        "expected": "Voraussichtliches Abschlussdatum", "prefix": "Deal - ", "Open": "Offen", "Won": "Gewonnen",
        "Lost": "Verloren",
    },
    "fr": {
        "id": "ID", "title": "Titre", "owner": "Propriétaire", "value": "Valeur", "currency": "Devise",
        "organization": "Organisation", "pipeline": "Pipeline", "stage": "Étape", "status": "Statut",
        "created": "Affaire créée", "updated": "Date de mise à jour", "since": "Dernier changement d'étape",
        "won": "Gagné le", "lost": "Perdu le", "closed": "Affaire conclue le", "reason": "Raison de la perte",
        "expected": "Date de clôture prévue", "prefix": "Affaire - ", "Open": "Ouvert", "Won": "Gagné", "Lost": "Perdu",
    },
    "es": {
        "id": "ID", "title": "Título", "owner": "Propietario", "value": "Valor", "currency": "Moneda",
        "organization": "Organización", "pipeline": "Embudo", "stage": "Etapa", "status": "Estado",
        "created": "Trato creado", "updated": "Hora de actualización", "since": "Último cambio de etapa",
        "won": "Ganado el", "lost": "Perdido el", "closed": "Trato cerrado el", "reason": "Motivo de la pérdida",
        "expected": "Fecha prevista de cierre", "prefix": "Trato - ", "Open": "Abierto", "Won": "Ganado",
        "Lost": "Perdido",
    },
}  # fmt: skip
STAGES = ("Prospecting", "Proposal", "Negotiation", "Closed Won", "Closed Lost")


def _minute(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


def _second(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def last_entered(deal: Deal) -> dict[str, datetime]:
    """When each stage was entered last: what HubSpot's columns hold."""
    entered: dict[str, datetime] = {}
    before = None
    for change in deal.changes:
        if change.stage != before:
            entered[change.stage] = change.at
        before = change.stage
    return entered


def pipeline_of(deal: Deal, pipelines: tuple[str, ...]) -> str:
    """Deals take turns in the pipelines."""
    return pipelines[deal.number % len(pipelines)]


def hubspot(
    language: str, *, entered: str | None = None, times: bool = True, pipelines: tuple[str, ...] = ("Sales Pipeline",)
) -> list[Row]:
    """A deals export; `entered` replaces how the columns of stage times are labelled."""
    label = HUBSPOT[language]
    form = entered or label["entered"]
    rows: list[Row] = []
    for deal in DEALS:
        own = pipeline_of(deal, pipelines)
        row = {
            label["id"]: str(98765000 + deal.number), label["name"]: deal.name, label["pipeline"]: own,
            label["stage"]: deal.stage, label["amount"]: plain_amount(deal.amount), label["currency"]: "EUR",
            label["close"]: deal.close_on.strftime("%Y-%m-%d 00:00"), label["created"]: _minute(deal.created),
            label["owner"]: deal.owner, label["account"]: deal.account, label["modified"]: _minute(deal.modified),
            label["reason"]: deal.reason,
        }  # fmt: skip
        moments = last_entered(deal)
        for pipeline in pipelines if times else ():
            for stage in STAGES:
                key = form.format(stage, pipeline) if "{}" in form else form
                row[key] = _minute(moments.get(stage)) if pipeline == own else ""
        rows.append(row)
    return rows


def hubspot_internal() -> list[Row]:
    """An export with internal names: stages by their ids."""
    ids = {"Prospecting": "appointmentscheduled", "Proposal": "contractsent", "Negotiation": "2471184",
           "Closed Won": "closedwon", "Closed Lost": "closedlost"}  # fmt: skip
    rows: list[Row] = []
    for deal in DEALS:
        moments = last_entered(deal)
        rows.append(
            {
                "hs_object_id": str(98765000 + deal.number), "dealname": deal.name, "pipeline": "default",
                "dealstage": ids[deal.stage], "amount": plain_amount(deal.amount), "deal_currency_code": "EUR",
                "closedate": deal.close_on.isoformat(), "createdate": _minute(deal.created),
                "hubspot_owner_id": deal.owner, "hs_lastmodifieddate": _minute(deal.modified),
                "closed_lost_reason": deal.reason,
                **{f"hs_v2_date_entered_{ids[stage]}": _minute(moments.get(stage)) for stage in STAGES},
            }
        )  # fmt: skip
    return rows


def pipedrive(language: str, *, prefixed: bool = True) -> list[Row]:
    """A deals export: a decided deal stays in the stage where it was decided."""
    label = PIPEDRIVE[language]
    prefix = label["prefix"] if prefixed else ""
    rows: list[Row] = []
    for deal in DEALS:
        decided = deal.changes[-1].at if deal.outcome != "Open" else None
        stage = [change.stage for change in deal.changes if not change.stage.startswith("Closed")][-1]
        since = max(at for name, at in last_entered(deal).items() if not name.startswith("Closed"))
        cells = {
            "id": str(deal.number), "title": deal.name, "owner": deal.owner, "value": plain_amount(deal.amount),
            "currency": "EUR", "organization": deal.account, "pipeline": "Sales", "stage": stage,
            "status": label[deal.outcome], "created": _second(deal.created), "updated": _second(deal.modified),
            "since": _second(since), "won": _second(decided) if deal.outcome == "Won" else "",
            "lost": _second(decided) if deal.outcome == "Lost" else "", "closed": _second(decided),
            "reason": deal.reason, "expected": deal.close_on.isoformat(),
        }  # fmt: skip
        rows.append({prefix + label[role]: text for role, text in cells.items()})
    return rows


def pipedrive_template() -> list[Row]:
    """The columns of Pipedrive's import template."""
    return [
        {
            "Deal - Title*": row["Deal - Title"], "Deal - Stage (pipeline)": row["Deal - Stage"],
            "Deal - Status": row["Deal - Status"], "Deal - Creation date": row["Deal - Deal created"],
            "Deal - Closed on": row["Deal - Deal closed on"], "Deal - Value": row["Deal - Value"],
            "Deal - Currency of value": row["Deal - Currency of Value"], "Deal - Pipedrive System ID": row["Deal - ID"],
            "Organization": row["Deal - Organization"], "Contact person": "",
            "Deal - Lost reason": row["Deal - Lost reason"],
            "Deal - Expected close date": row["Deal - Expected close date"],
        }
        for row in pipedrive("en")
    ]  # fmt: skip
