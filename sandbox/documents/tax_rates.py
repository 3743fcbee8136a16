"""Tax rates (Rutter: /accounting/tax_rates). Rates are percentages; the create body is ours, as for items."""

from sandbox.documents.kind import Kind
from sandbox.exact import Json, decimal
from sandbox.fields import at_least_zero, filled_text, optional, required, shape, text
from sandbox.writing import Writing

SHAPE = shape({"name": required(filled_text), "total_tax_rate": required(at_least_zero), "code": optional(text)})


def create(writing: Writing, fields: Json) -> Json:
    """Add a tax rate of one component."""
    rate = decimal(fields["total_tax_rate"])
    component = {
        "name": fields["name"],
        "rate": rate,
        "is_compound": False,
        "is_purchases_tax": False,
        "is_sales_tax": True,
    }
    body: Json = {
        **writing.born(),
        "status": "active",
        "code": fields.get("code"),
        "effective_tax_rate": rate,
        "name": fields["name"],
        "total_tax_rate": rate,
        "subsidiaries": [],
        "components": [component],
        "additional_fields": {"purchase_total_tax_rate": None, "sales_total_tax_rate": rate},
        **writing.tail(),
    }
    return writing.put("tax_rates", body)


KIND = Kind(singular="tax_rate", plural="tax_rates", webhook="TAX_RATE", shape=SHAPE, create=create)
