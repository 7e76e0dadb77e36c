"""Salesforce Opportunity Field History, one row per changed field: a report or the object OpportunityFieldHistory."""

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
)
from headway.connectors.files.salesforce_ids import short_ids
from headway.connectors.files.staging import Staging
from headway.connectors.files.table import Table

ALIASES: Aliases = {
    "deal": ("Opportunity ID", "OpportunityId", "Opportunity-ID", "ID der Opportunity", "ID de l'opportunité",
             "ID d'opportunité", "Id. de oportunidad", "ID de la oportunidad", "ID de oportunidad"),
    "name": ("Opportunity Name", "Opportunity: Opportunity Name", "Opportunity.Name", "Opportunity-Name",
             "Opportunityname", "Name der Opportunity", "Nom de l'opportunité", "Nom d'opportunité",
             "Nombre de la oportunidad", "Nombre de oportunidad"),
    "field": ("Field / Event", "Field", "Feld/Ereignis", "Feld", "Champ / Événement", "Champ",
              "Campo / Evento", "Campo",
              "Campo/Suceso"),
    "old": ("Old Value", "OldValue", "Alter Wert", "Ancienne valeur", "Valor anterior", "Valor antiguo"),
    "new": ("New Value", "NewValue", "Neuer Wert", "Nouvelle valeur", "Nuevo valor", "Valor nuevo"),
    "when": ("Edit Date", "CreatedDate", "Bearbeitungsdatum", "Änderungsdatum", "Bearbeitet am", "Date de modification",
             "Fecha de edición", "Fecha de modificación"),
    "who": ("Edited By", "CreatedBy.Name", "CreatedById", "Bearbeitet von", "Modifié par", "Editado por",
            "Modificado por"),
    "is_deleted": ("IsDeleted",),
}  # fmt: skip
# What the texts of the field mean; the first three have an old and a new value that are kept.
FIELDS = {
    "stage": ("Stage", "StageName", "Phase", "Verkaufsphase", "Étape", "Etapa"),
    "amount": ("Amount", "Betrag", "Montant", "Importe", "Monto", "Cantidad"),
    "expected_on": ("Close Date", "CloseDate", "Schlusstermin", "Abschlussdatum", "Date de clôture",
                    "Date de fermeture", "Fecha de cierre"),
    "owner": ("Owner", "Opportunity Owner", "OwnerAssignment", "Inhaber", "Opportunity-Inhaber", "Propriétaire",
              "Propriétaire de l'opportunité", "Propietario", "Propietario de la oportunidad"),
    "creation": ("Created.", "Created", "opportunityCreatedFromLead", "Erstellt.", "Créé.", "Créée.", "Creado.",
                 "Creada."),
}  # fmt: skip
_MEANS = {folded_label(label): field for field, labels in FIELDS.items() for label in labels}


class SalesforceFieldHistory:
    """Each change has the value before it, so that the first one tells what was so from the creation on."""

    name = "salesforce_field_history"
    crm = "Salesforce"
    aliases = ALIASES

    def certainty(self, table: Table) -> float:
        """By old and new values, and by what the field column names."""
        roles = columns_by_role(table.columns, ALIASES)
        if "field" not in roles or ("deal" not in roles and "name" not in roles):
            return 0.0
        known = share_that(sample_of(table, roles["field"]), lambda text: folded_label(text) in _MEANS)
        return certainty_of(roles, ("field", "new", "when"), ("old", "field", "who"), [min(1.0, 2 * known)])

    def fill(self, cells: Cells, staging: Staging, file: int) -> None:
        """Stage one row per change of stage, amount, close date or owner; changes of other fields are counted."""
        roles = columns_by_role(cells.table.columns, ALIASES)
        if "is_deleted" in roles:
            cells = cells.without(cells.flags(roles["is_deleted"]), "deleted record (IsDeleted)")
        fields = _fields(cells, roles["field"], roles["new"])
        cells = cells.without(pc.is_null(fields), "change of a field that says nothing about the process")
        fields = fields.drop_null()
        cells.read_dates([roles["when"]])
        moments = cells.instants(roles["when"])
        keys = {
            "deal": short_ids(cells.text((roles["deal"],))) if "deal" in roles else pa.nulls(cells.rows, pa.string()),
            "deal_name": cells.text((roles["name"],)) if "name" in roles else pa.nulls(cells.rows, pa.string()),
        }
        firsts = _firsts(staging, {**keys, "field": fields, "moment": moments})
        order = cells.order_of_days(roles["when"])
        for field in FIELDS:
            mask = pc.equal(fields, field)
            rows = pc.sum(mask).as_py() or 0
            if not rows:
                continue
            part = cells.only(mask, order)
            found = {
                "file": pa.array([file] * rows, pa.int32()),
                "line": part.table.lines,
                "moment": moments.filter(mask),
                **{name: array.filter(mask) for name, array in keys.items()},
            }
            if "who" in roles:
                found["actor"] = part.text((roles["who"],))
            _stage(part, field, found, roles, staging, firsts.filter(pc.equal(firsts["field"], field)))


def _fields(cells: Cells, column: str, new: str) -> pa.Array:
    """What each row is about; a blank field with `Created.` as its new value is the creation."""
    texts = pc.coalesce(cells.text((column,)), cells.text((new,)))
    encoded = texts.dictionary_encode()
    means = [_MEANS.get(folded_label(text)) for text in encoded.dictionary.to_pylist()]
    return pa.array(means, pa.string()).take(encoded.indices)


def _firsts(staging: Staging, columns: dict[str, pa.Array]) -> pa.Table:
    """Per deal and field: the place of its first change among the rows of that field, and when the deal was created."""
    staging.put("field_rows", pa.table(columns))
    return staging.table(
        "WITH placed AS (SELECT *, coalesce(deal, deal_name) AS key,"
        "  row_number() OVER (PARTITION BY field ORDER BY place) - 1 AS nth"
        " FROM (SELECT *, row_number() OVER () AS place FROM field_rows))"
        " SELECT p.field, arg_min(p.nth, (p.moment, p.nth)) AS nth, any_value(c.created) AS created FROM placed AS p"
        " JOIN (SELECT key, min(moment) AS created FROM placed WHERE field = 'creation' GROUP BY key) AS c"
        " USING (key) WHERE p.moment IS NOT NULL AND p.field <> 'creation' GROUP BY p.field, key"
    )


def _stage(
    part: Cells,
    field: str,
    found: dict[str, pa.Array],
    roles: dict[str, str],
    staging: Staging,
    firsts: pa.Table,
) -> None:
    if field == "creation":
        staging.add_states({**found, "creation": pa.array([True] * part.rows)}, part.rows)
        return
    staging.add_states({**found, field: _values(part, field, roles["new"])}, part.rows)
    if "old" not in roles or not firsts.num_rows:
        return
    first = firsts["nth"].combine_chunks()
    before = {name: array.take(first) for name, array in found.items() if name != "actor"}
    before["moment"] = firsts["created"].combine_chunks().cast(pa.timestamp("us"))
    before["tie"] = pa.array([-1.0] * firsts.num_rows)
    staging.add_states({**before, field: _values(part, field, roles["old"]).take(first)}, firsts.num_rows)


def _values(part: Cells, field: str, column: str) -> pa.Array:
    if field == "amount":
        return part.amounts(column)
    if field == "expected_on":
        part.read_dates([column])
        return part.days(column)
    return part.text((column,))


LAYOUT = SalesforceFieldHistory()
