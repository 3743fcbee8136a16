"""Customers (Rutter: /accounting/customers). A name is used once in a company.

Only some platforms take `additional_fields.currency_code`. Without it, the switch `unstated_customer_currency` says
whether the customer is kept in the home currency or in that of their first document.
"""

from sandbox.company import Company
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.fields import currency, filled_text, list_of, one_of, optional, required, shape, text, uuid
from sandbox.platforms.registry import rules_of
from sandbox.references import active, held_currency, known_tags, one_currency
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

_ADDRESS_PARTS = ("address1", "address2", "address3", "city", "country", "postal_code", "region")
ADDRESS = shape(
    {
        "type": required(one_of("billing", "shipping", "po_box", "ship_from", "unknown", "STREET", "POBOX")),
        **{name: optional(text) for name in _ADDRESS_PARTS},
    }
)
_FIELDS = {
    "customer_name": optional(filled_text),
    "email": optional(text),
    "phone": optional(text),
    "addresses": optional(list_of(ADDRESS)),
    "additional_fields": optional(
        shape({"parent_id": optional(uuid), "currency_code": optional(currency), "language": optional(text)})
    ),
}
SHAPE = shape({"contact_name": required(filled_text), "subsidiary_id": optional(uuid), **_FIELDS})
PATCH_SHAPE = shape(
    {"contact_name": optional(filled_text), "status": optional(one_of("active", "archived")), **_FIELDS}
)


def screen(company: Company, fields: Json) -> str | None:
    """FreshBooks insists on a currency and a language."""
    extra = fields.get("additional_fields") or {}
    for name in rules_of(company.platform).customer_needs:
        if not extra.get(name):
            return f"customer.additional_fields.{name}: required on {company.platform}"
    return None


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Add a customer, unless the name is taken."""
    company = writing.company
    name = fields.get("customer_name") or fields["contact_name"]
    extra: Json = fields.get("additional_fields") or {}
    code = extra.get("currency_code")
    if code is None and one_currency(company) and writing.switches.unstated_customer_currency == "home":
        code = company.home_currency
    refused = (
        _taken(company, name, None) or (held_currency(company, code) if code else None) or known_tags(company, fields)
    )
    parent = active(company, "customers", extra["parent_id"]) if extra.get("parent_id") else None
    if refused or isinstance(parent, Refusal):
        return refused or parent  # type: ignore[return-value]  # one of the two is a Refusal
    body: Json = {
        **writing.born(),
        "parent_id": extra.get("parent_id"),
        "payment_terms_id": None,
        "subsidiary_id": fields.get("subsidiary_id"),
        "status": "active",
        "contact_name": fields["contact_name"],
        "currency_code": code,
        "customer_name": name,
        "email": fields.get("email"),
        "phone": fields.get("phone"),
        "registration_number": None,
        "tax_number": None,
        "addresses": addresses(fields),
        **writing.tail(),
    }
    return writing.put("customers", body)


def _taken(company: Company, name: str | None, own_id: str | None) -> Refusal | None:
    if all(one == own_id for one in company.shelves["customers"].live_with(name or "")):
        return None
    return by_platform(company.platform, "duplicate_name", f"A customer named {name} exists already")


def addresses(fields: Json) -> list[Json]:
    """The addresses a request names, every part of them there."""
    return [
        {"type": one["type"], **{part: one.get(part) for part in _ADDRESS_PARTS}}
        for one in fields.get("addresses") or []
    ]


def patch(writing: Writing, customer: Json, fields: Json) -> Json | Refusal:
    """Change a customer, or archive them."""
    names = ("contact_name", "customer_name", "email", "phone", "status")
    named = {name: fields[name] for name in names if fields.get(name) is not None}
    if fields.get("addresses") is not None:
        named["addresses"] = addresses(fields)
    refused = _taken(writing.company, named.get("customer_name", customer["customer_name"]), customer["id"])
    return refused or writing.change("customers", customer, **named)


KIND = Kind(
    singular="customer",
    plural="customers",
    webhook="CUSTOMER",
    shape=SHAPE,
    screen=screen,
    create=create,
    patch_shape=PATCH_SHAPE,
    patch=patch,
)
