"""Which invoices a payment pays, and how much of each."""

from decimal import Decimal

from sandbox.documents.settling import open_invoice, settle, unsettle
from sandbox.exact import ZERO, Json, decimal, plain
from sandbox.references import exact_amount
from sandbox.refusals import Refusal, by_platform
from sandbox.writing import Writing


def invoices_paid(writing: Writing, fields: Json, links: list[Json], own: Json | None = None) -> list[Json] | Refusal:
    """The invoices, each open, all of one customer and currency, none paid past what is due.

    What `own`, the payment as it is now, pays of them counts as due: it is about to be let go.
    """
    customer_id, code = fields.get("customer_id"), fields.get("currency_code")
    asked: dict[str, Decimal] = {}
    found: list[Json] = []
    for link in links:
        invoice = open_invoice(writing, link["id"], customer_id, code)
        if isinstance(invoice, Refusal):
            return invoice
        customer_id, code = invoice["customer_id"], invoice["currency_code"]
        amount = decimal(link["amount"])
        asked[link["id"]] = asked.get(link["id"], ZERO) + amount
        due = invoice["amount_due"] + _paid_by(own, link["id"])
        if asked[link["id"]] > due:
            return by_platform(
                writing.company.platform,
                "over_open_balance",
                f"{plain(asked[link['id']])} is more than the {plain(due)} open on the invoice",
            )
        refused = exact_amount(writing, amount, invoice["currency_code"])
        if refused:
            return refused
        found.append(invoice)
    return found


def _paid_by(payment: Json | None, invoice_id: str) -> Decimal:
    links = payment["linked_invoices"] if payment else []
    return sum((decimal(link["amount"]) for link in links if link["id"] == invoice_id), ZERO)


def equal_invoice(writing: Writing, fields: Json) -> list[Json]:
    """The link `auto_apply` makes: to the customer's oldest open invoice of the payment's total (Rutter: Desktop)."""
    total = decimal(fields.get("total_amount") or 0)

    def fits(invoice: Json) -> bool:
        same = invoice["customer_id"] == fields.get("customer_id")
        return bool(same and invoice["status"] == "open" and invoice["amount_due"] == total)

    invoice = writing.company.shelves["invoices"].first(fits)
    return [{"id": invoice["id"], "amount": total}] if invoice else []


def shown_links(links: list[Json], when: str) -> list[Json]:
    """The links as a payment shows them: amounts as strings."""
    return [
        {
            "id": link["id"],
            "allocated_at": link.get("allocated_at") or when,
            "amount": plain(decimal(link["amount"])),
        }
        for link in links
    ]


def link_up(writing: Writing, payment: Json) -> None:
    """Take what the payment pays off its invoices."""
    for link in payment["linked_invoices"]:
        taken = {
            "id": payment["id"],
            "allocated_date": payment["txn_date"],
            "allocated_amount": decimal(link["amount"]),
            "type": "INVOICE_PAYMENT",
        }
        settle(writing, writing.company.shelves["invoices"].entries[link["id"]].live or {}, taken)


def let_go(writing: Writing, payment: Json) -> None:
    """Let its invoices be open again by what it paid."""
    for invoice_id in {link["id"]: None for link in payment["linked_invoices"]}:
        unsettle(writing, invoice_id, payment["id"])
