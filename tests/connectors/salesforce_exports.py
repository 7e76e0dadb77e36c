"""The pipeline of `exports` as Salesforce writes it: Data Loader objects and reports in four languages."""

from __future__ import annotations

from tests.connectors.exports import DEALS, Locale, Row, plain_amount, salesforce_id, stamp

LOCALES = {
    "en": Locale(
        labels={
            "id": "Opportunity ID", "name": "Opportunity Name", "account": "Account Name", "owner": "Opportunity Owner",
            "stage": "Stage", "amount": "Amount", "close": "Close Date", "created": "Created Date",
            "modified": "Last Modified Date", "reason": "Loss Reason", "from": "From Stage", "to": "To Stage",
            "when": "Last Modified", "who": "Last Modified By", "field": "Field / Event", "old": "Old Value",
            "new": "New Value", "edited": "Edit Date", "by": "Edited By", "creation": "Created.",
            "probability": "Probability (%)",
            "source": "Lead Source", "f_stage": "Stage", "f_amount": "Amount", "f_close": "Close Date",
            "next": "Next Step",
        },
        stages={},
    ),
    "de": Locale(
        labels={
            "id": "Opportunity-ID", "name": "Opportunity-Name", "account": "Accountname",
            "owner": "Opportunity-Inhaber",
            "stage": "Phase", "amount": "Betrag", "close": "Schlusstermin", "created": "Erstelldatum",
            "modified": "Datum der letzten Änderung", "reason": "Verlustgrund", "from": "Von Phase", "to": "Bis Phase",
            "when": "Zuletzt geändert", "who": "Zuletzt geändert von", "field": "Feld/Ereignis", "old": "Alter Wert",
            "new": "Neuer Wert", "edited": "Bearbeitungsdatum", "by": "Bearbeitet von", "creation": "Erstellt.",
            "probability": "Wahrscheinlichkeit (%)", "source": "Lead-Quelle", "f_stage": "Phase", "f_amount": "Betrag",
            "f_close": "Schlusstermin", "next": "Nächster Schritt",
        },
        stages={"Closed Won": "Geschlossen und gewonnen", "Closed Lost": "Geschlossen und verloren",
        "Proposal": "Angebot",
                "Prospecting": "Akquise", "Negotiation": "Verhandlung"},
        day="%d.%m.%Y", time="%d.%m.%Y %H:%M", comma=True,
    ),
    "fr": Locale(
        labels={
            "id": "ID de l'opportunité", "name": "Nom de l'opportunité", "account": "Nom du compte",
            "owner": "Propriétaire de l'opportunité", "stage": "Étape", "amount": "Montant", "close": "Date de clôture",
            "created": "Date de création", "modified": "Date de dernière modification", "reason": "Raison de la perte",
            "from": "De l'étape", "to": "À l'étape", "when": "Dernière modification",
            "who": "Dernière modification par",
            "field": "Champ / Événement", "old": "Ancienne valeur", "new": "Nouvelle valeur",
            "edited": "Date de modification", "by": "Modifié par", "creation": "Créé.",
            "probability": "Probabilité (%)",
            "source": "Origine de la piste", "f_stage": "Étape", "f_amount": "Montant", "f_close": "Date de clôture",
            "next": "Étape suivante",
        },
        stages={"Closed Won": "Fermée / Gagnée", "Closed Lost": "Fermée / Perdue", "Proposal": "Proposition",
                "Prospecting": "Prospection", "Negotiation": "Négociation"},
        day="%d/%m/%Y", time="%d/%m/%Y %H:%M", comma=True,
    ),
    "es": Locale(
        labels={
            "id": "Id. de oportunidad", "name": "Nombre de la oportunidad", "account": "Nombre de la cuenta",
            "owner": "Propietario de la oportunidad", "stage": "Etapa", "amount": "Importe", "close": "Fecha de cierre",
            "created": "Fecha de creación", "modified": "Fecha de la última modificación",
            "reason": "Motivo de la pérdida",
            "from": "Desde etapa", "to": "Hasta etapa", "when": "Última modificación", "who": "Última modificación por",
            "field": "Campo / Evento", "old": "Valor anterior", "new": "Nuevo valor", "edited": "Fecha de edición",
            "by": "Editado por", "creation": "Creado.", "probability": "Probabilidad (%)",
            "source": "Origen del candidato", "f_stage": "Etapa", "f_amount": "Importe", "f_close": "Fecha de cierre",
            "next": "Siguiente paso",
        },
        stages={"Closed Won": "Cerrada ganada", "Closed Lost": "Cerrada perdida", "Proposal": "Propuesta",
                "Prospecting": "Prospección", "Negotiation": "Negociación"},
        day="%d/%m/%Y", time="%d/%m/%Y %H:%M", comma=True,
    ),
}  # fmt: skip


def opportunities(*, length: int = 18, missing: str = "", deleted: bool = False) -> list[Row]:
    """The object Opportunity; with `deleted` one more record, in the recycle bin."""
    rows: list[Row] = [
        {
            "Id": salesforce_id(deal.number, length), "IsDeleted": "false",
            "AccountId": f"0015g0000000{deal.number}AAA",
            "Name": deal.name, "StageName": deal.stage, "Amount": plain_amount(deal.amount, missing),
            "CloseDate": deal.close_on.isoformat(), "IsClosed": str(deal.outcome != "Open").lower(),
            "IsWon": str(deal.outcome == "Won").lower(), "CurrencyIsoCode": "EUR", "OwnerId": f"0055g{deal.owner[:1]}",
            "CreatedDate": stamp(deal.created), "LastModifiedDate": stamp(deal.modified),
            "Loss_Reason__c": deal.reason or missing,
        }
        for deal in DEALS
    ]  # fmt: skip
    if deleted:
        rows.append({**rows[0], "Id": "0065g00000AzzzzAA9", "IsDeleted": "true", "Name": "Gone"})
    return rows


def opportunity_history(*, length: int = 18, missing: str = "") -> list[Row]:
    """The object OpportunityHistory."""
    forecast = {"Closed Won": "Closed", "Closed Lost": "Omitted"}
    return [
        {
            "Id": f"0085g{deal.number}{nth}", "OpportunityId": salesforce_id(deal.number, length),
            "CreatedById": f"0055g{change.by[:1]}", "CreatedDate": stamp(change.at), "StageName": change.stage,
            "Amount": plain_amount(change.amount, missing), "CloseDate": change.close_on.isoformat(),
            "Probability": "10", "ForecastCategory": forecast.get(change.stage, "Pipeline"), "IsDeleted": "false",
        }
        for deal in DEALS
        for nth, change in enumerate(deal.changes)
    ]  # fmt: skip


def report(language: str, *, ids: bool = True) -> list[Row]:
    """An opportunity report."""
    locale = LOCALES[language]
    label = locale.labels
    rows: list[Row] = []
    for deal in DEALS:
        row = {label["id"]: salesforce_id(deal.number, 15)} if ids else {}
        row |= {
            label["owner"]: deal.owner, label["account"]: deal.account, label["name"]: deal.name,
            label["stage"]: locale.stage(deal.stage), label["amount"]: locale.amount(deal.amount),
            label["probability"]: "10", label["close"]: locale.on(deal.close_on),
            label["created"]: locale.at(deal.created),
            label["modified"]: locale.at(deal.modified), label["source"]: "Web", label["next"]: "",
            label["reason"]: deal.reason,
        }  # fmt: skip
        rows.append(row)
    return rows


def history_report(language: str, *, ids: bool = True) -> list[Row]:
    """An Opportunity History report."""
    locale = LOCALES[language]
    label = locale.labels
    rows: list[Row] = []
    for deal in DEALS:
        for before, change in zip((None, *deal.changes), deal.changes, strict=False):
            row = {label["id"]: salesforce_id(deal.number, 15)} if ids else {}
            row |= {
                label["name"]: deal.name, label["from"]: locale.stage(before.stage) if before else "",
                label["to"]: locale.stage(change.stage), label["when"]: locale.at(change.at), label["who"]: change.by,
                label["amount"]: locale.amount(change.amount), label["close"]: locale.on(change.close_on),
                label["stage"]: locale.stage(deal.stage), label["created"]: locale.at(deal.created),
            }  # fmt: skip
            rows.append(row)
    return rows


def field_history(language: str, *, ids: bool = True) -> list[Row]:
    """An Opportunity Field History report: what was so at the creation stands only in the old values."""
    locale = LOCALES[language]
    label = locale.labels
    rows: list[Row] = []
    for deal in DEALS:
        key = {label["id"]: salesforce_id(deal.number, 15)} if ids else {}
        key |= {label["name"]: deal.name}
        first = deal.changes[0]
        rows.append({**key, label["field"]: label["creation"], label["old"]: "", label["new"]: "",
                     label["edited"]: locale.at(first.at), label["by"]: first.by})  # fmt: skip
        for before, change in zip(deal.changes, deal.changes[1:], strict=False):
            for field, old, new in (
                ("f_stage", locale.stage(before.stage), locale.stage(change.stage)),
                ("f_amount", locale.amount(before.amount), locale.amount(change.amount)),
                ("f_close", locale.on(before.close_on), locale.on(change.close_on)),
            ):
                if old != new:
                    rows.append({**key, label["field"]: label[field], label["old"]: old, label["new"]: new,
                                 label["edited"]: locale.at(change.at), label["by"]: change.by})  # fmt: skip
    rows.append({**rows[0], label["field"]: label["next"], label["new"]: "call"})
    return rows
