"""Payment terms (Rutter: /accounting/payment_terms): days to pay, perhaps a discount for paying sooner."""

from sandbox.documents.kind import Kind
from sandbox.exact import Json, decimal
from sandbox.fields import at_least_zero, filled_text, optional, required, shape
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing

SHAPE = shape(
    {
        "term_name": required(filled_text),
        "due_days": optional(at_least_zero),
        "discount_days": optional(at_least_zero),
        "discount_percent": optional(at_least_zero),
    }
)


def add_term(writing: Writing, fields: Json) -> Json:
    """One payment term, as `{"term_name", "due_days"?, "discount_days"?, "discount_percent"?}` says."""
    counts = {
        name: None if fields.get(name) is None else decimal(fields[name])
        for name in ("due_days", "discount_days", "discount_percent")
    }
    return writing.put(
        "payment_terms", {**writing.born(), "term_name": fields["term_name"], **counts, **writing.tail()}
    )


def create(writing: Writing, fields: Json) -> Json | Refusal:
    """Add a term, unless its name is taken."""
    company, name = writing.company, fields["term_name"]
    if company.shelves["payment_terms"].live_with(name):
        return by_platform(company.platform, "duplicate_name", f"A payment term named {name} exists already")
    return add_term(writing, fields)


def delete(writing: Writing, term: Json) -> None:
    """Remove a term; documents that used it keep their due dates."""
    writing.delete("payment_terms", term["id"], "PAYMENT_TERM")


KIND = Kind(
    singular="payment_term",
    plural="payment_terms",
    webhook="PAYMENT_TERM",
    shape=SHAPE,
    create=create,
    delete=delete,
)
