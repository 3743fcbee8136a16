"""Items (Rutter: /accounting/items).

The create body is not among the published pages we could read: the sandbox takes the answer's fields, `name` required,
and `invoice_item.account_id` for the account its sales are booked on (else sales income).
"""

from sandbox.chart import add_item
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.fields import filled_text, number_or_text, one_of, optional, required, shape, text, uuid
from sandbox.references import active
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

_SIDE = shape({"description": optional(text), "unit_price": optional(number_or_text), "account_id": optional(uuid)})
_FIELDS = {
    "type": optional(one_of("inventory", "non_inventory", "service", "discount", "unknown")),
    "code": optional(text),
    "invoice_item": optional(_SIDE),
    "bill_item": optional(_SIDE),
}
SHAPE = shape({"name": required(filled_text), **_FIELDS})
PATCH_SHAPE = shape(
    {"name": optional(filled_text), "status": optional(one_of("active", "archived")), "code": optional(text)}
)


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Add an item, unless its name is taken."""
    company = writing.company
    if company.shelves["items"].live_with(fields["name"]):
        return by_platform(company.platform, "duplicate_name", f"An item named {fields['name']} exists already")
    account_id = (fields.get("invoice_item") or {}).get("account_id")
    account = active(company, "accounts", account_id) if account_id else None
    if isinstance(account, Refusal):
        return account
    return add_item(writing, name=fields["name"], account_id=account_id or company.roles["sales_income"], fields=fields)


def patch(writing: Writing, item: Json, fields: Json) -> Json | Refusal:
    """Rename, recode or archive an item."""
    company = writing.company
    named = {name: fields[name] for name in ("name", "status", "code") if fields.get(name) is not None}
    if any(one != item["id"] for one in company.shelves["items"].live_with(named.get("name", ""))):
        return by_platform(company.platform, "duplicate_name", f"An item named {named['name']} exists already")
    return writing.change("items", item, **named)


def delete(writing: Writing, item: Json) -> None:
    """Remove an item; documents that used it keep what they say."""
    writing.delete("items", item["id"], "ITEM")


KIND = Kind(
    singular="item",
    plural="items",
    webhook="ITEM",
    shape=SHAPE,
    create=create,
    patch_shape=PATCH_SHAPE,
    patch=patch,
    delete=delete,
)
