"""Tax rates (Rutter: /accounting/tax_rates). Rates are percentages; the create body is ours, as for items."""

from decimal import Decimal

from sandbox.documents.kind import Kind
from sandbox.exact import Json, decimal
from sandbox.fields import at_least_zero, filled_text, optional, required, shape, text
from sandbox.writing import Writing

SHAPE = shape({"name": required(filled_text), "total_tax_rate": required(at_least_zero), "code": optional(text)})


def create(writing: Writing, fields: Json) -> Json:
    """Add a tax rate of one component."""
    return add_rate(writing, fields["name"], decimal(fields["total_tax_rate"]), fields.get("code"))


def add_rate(writing: Writing, name: str, rate: Decimal, code: str | None = None) -> Json:
    """One sales tax of so many percent."""
    component = {
        "name": name,
        "rate": rate,
        "is_compound": False,
        "is_purchases_tax": False,
        "is_sales_tax": True,
    }
    body: Json = {
        **writing.born(),
        "status": "active",
        "code": code,
        "effective_tax_rate": rate,
        "name": name,
        "total_tax_rate": rate,
        "subsidiaries": [],
        "components": [component],
        "additional_fields": {"purchase_total_tax_rate": None, "sales_total_tax_rate": rate},
        **writing.tail(),
    }
    return writing.put("tax_rates", body)


KIND = Kind(singular="tax_rate", plural="tax_rates", webhook="TAX_RATE", shape=SHAPE, create=create)
