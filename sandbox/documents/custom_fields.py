"""Custom fields of documents (Rutter: /accounting/{entityType}/custom_fields). A document names them by `key`.

NetSuite has custom fields proper; on Xero they stand for its tracking categories, in place of classes.
Published is that the list is there, for which types, and that documents carry an object keyed by the field's key.
The rest of the field's shape is ours: `name`, `type` (`text` | `select`), `level` (`header` | `line`), and for a
select its `options` with `id` and `name`.
"""

from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.wire import Reply, reply
from sandbox.writing import Writing

ENTITY_TYPES = ("bills", "expenses", "invoices", "invoice_payments", "journal_entries")


def add_field(writing: Writing, *, key: str, name: str, level: str, entity_types: tuple[str, ...]) -> Json:
    """One custom field, of free text until it gets options."""
    body: Json = {
        **writing.born(),
        "key": key,
        "name": name,
        "type": "text",
        "level": level,
        "entity_types": list(entity_types),
        "options": [],
        **writing.tail(),
    }
    return writing.put("custom_fields", body)


def add_options(writing: Writing, field: Json, names: tuple[str, ...]) -> Json:
    """Make the field a choice among these."""
    options = [*field["options"], *({"id": writing.ids.uuid(), "name": name} for name in names)]
    return writing.change("custom_fields", field, type="select", options=options)


def list_custom_fields(company: Company, entity_type: str) -> Reply:
    """GET of the fields that one type of document has, as the copy shows them; they are few, so there are no pages."""
    shown = [entry.shown for entry in company.shelves["custom_fields"].shown() if entry.shown]
    return reply(
        {
            "custom_fields": [body for body in shown if entity_type in body["entity_types"]],
            "next_cursor": None,
            "connection": company.summary(),
        }
    )


# Not listed by itself: `GET /accounting/{entityType}/custom_fields` lists those of one type.
KIND = Kind(singular="custom_field", plural="custom_fields", webhook="CUSTOM_FIELD", listed=False)
