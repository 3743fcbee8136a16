"""What an accountant sees on a document besides its amounts, with names in place of ids."""

from sandbox.company import Company
from sandbox.documents.attachments import audit
from sandbox.exact import Json, decimal, plain

# Which shelf an id on a document leads to, and the field that names its objects.
_TAGS = {
    "class": ("class_id", "classes", "name"),
    "department": ("department_id", "departments", "name"),
    "location": ("location_id", "locations", "name"),
    "subsidiary": ("subsidiary_id", "subsidiaries", "name"),
    "payment_terms": ("payment_terms_id", "payment_terms", "term_name"),
    "payment_method": ("payment_method_id", "payment_methods", "name"),
    "account": ("account_id", "accounts", "name"),
    "tax_rate": ("tax_rate_id", "tax_rates", "name"),
}
_HEADER = ("class", "department", "location", "subsidiary", "payment_terms", "payment_method", "account", "tax_rate")
_LINE = ("class", "department", "location", "account", "tax_rate")
_TEXTS = ("document_number", "reference", "due_date", "memo", "currency_rate")
_DATES = ("issue_date", "txn_date", "transaction_date")


def particulars(company: Company, plural: str, body: Json) -> Json:
    """`particulars` and `attachments` of one row of `GET /_sandbox/books`. What is null or empty is left out.

    What Rutter's own answer does not show (a department, custom fields) comes from what the document was made of.
    """
    asked = company.asked.get(body["id"]) or {}
    extra = {**(asked.get("additional_fields") or {}), **_filled(body.get("additional_fields") or {})}
    header = {**asked, **_filled(body)}
    seen: Json = {
        "date": next((body[name] for name in _DATES if body.get(name)), None),
        **{name: _written(header.get(name)) for name in _TEXTS},
        "internal_memo": extra.get("internal_memo"),
        **{name: _named(company, name, {**extra, **header}) for name in _HEADER},
        "custom_fields": asked.get("custom_fields"),
        "linked": [_link(one) for one in body.get("linked_payments") or body.get("linked_invoices") or ()],
        "lines": _lines(company, asked, body),
    }
    files = audit(company, body["id"]) if plural == "invoices" else None
    return {"particulars": _filled(seen)} | ({} if files is None else {"attachments": files})


def _lines(company: Company, asked: Json, body: Json) -> list[Json]:
    shown = body.get("line_items") or []
    made_of = asked.get("line_items") or []
    made_of = made_of if len(made_of) == len(shown) else [{}] * len(shown)
    return [_line(company, one, line) for one, line in zip(made_of, shown, strict=True)]


def _line(company: Company, asked: Json, line: Json) -> Json:
    both = {**asked, **_filled(line)}
    extra = asked.get("additional_fields") or {}
    item_id = line.get("item_id") or (line.get("item") or {}).get("id")
    return _filled(
        {
            "description": line.get("description"),
            "item": (company.shelves["items"].get(item_id or "") or {}).get("name"),
            **{name: _named(company, name, {**extra, **both}) for name in _LINE},
            "custom_fields": asked.get("custom_fields"),
            "service_date": extra.get("service_date"),
        }
    )


def _named(company: Company, tag: str, fields: Json) -> str | None:
    """The name behind an id; the id itself where nothing has it."""
    id_field, plural, name_field = _TAGS[tag]
    object_id = fields.get(id_field)
    if object_id is None:
        return None
    found = company.shelves[plural].get(object_id)
    return str(found[name_field] if found else object_id)


def _link(link: Json) -> Json:
    amount = link.get("allocated_amount", link.get("amount"))
    linked = {"id": link["id"], "amount": plain(decimal(amount)), "type": link.get("type")}
    return _filled({**linked, "date": link.get("allocated_date") or link.get("allocated_at")})


def _written(value: object) -> str | None:
    return None if value is None else str(value)


def _filled(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value not in (None, [], {})}
