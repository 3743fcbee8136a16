"""What a person does in the accounting system itself, past Rutter.

Lists of accounts, customers and items may be edited freely (`{"status": "inactive"}`); documents as PATCH allows.
"""

from collections.abc import Callable

from sandbox.books import Posting
from sandbox.company import Company
from sandbox.documents.catalogue import DOCUMENTS, KINDS
from sandbox.documents.invoice_payments import create as receive_payment
from sandbox.documents.invoice_replacement import replace_invoice
from sandbox.documents.kind import Kind
from sandbox.exact import Json
from sandbox.fields import at_least_zero, filled_text, moment, optional, required, shape, text, uuid
from sandbox.refusals import Refusal
from sandbox.webhooks import REAL_TIME
from sandbox.world import World
from sandbox.writing import Writing

_LISTED = {kind.singular: kind for kind in KINDS.values() if kind.listed}
_MADE = {kind.singular: kind for kind in KINDS.values() if kind.create}
_PAY = shape(
    {
        "id": required(filled_text),
        "amount": optional(at_least_zero),
        "account_id": optional(uuid),
        "date": optional(moment),
        "reference": optional(text),
        "memo": optional(text),
    }
)
_MERGE = shape({"id": required(filled_text), "into": required(filled_text)})

Act = Callable[[Writing, Json], Json | str]


def act_outside(world: World, company: Company, what: str, asked: Json) -> Json | str:
    """Do it; the object as it is now, or the line that says why not.

    Told as a webhook at once where the platform tells Rutter in real time or the copy is never behind; else the next
    sync tells it (Rutter: Webhooks).
    """
    writing = world.writing(company, outside=True)
    done = _ACTS[what](writing, asked)
    if world.switches.object_webhooks:
        if writing.fresh or company.platform in REAL_TIME:
            world.webhooks.objects(company, writing.changes)
        else:
            company.untold.extend(writing.changes)
    return done


def _of_type(writing: Writing, asked: Json) -> tuple[Kind, Json] | str:
    kind = _LISTED.get(str(asked.get("type")))
    before = writing.company.shelves[kind.plural].get(str(asked.get("id"))) if kind else None
    if kind is None or before is None:
        return f"type, id: no such object; types are {', '.join(_LISTED)}"
    return kind, before


def _delete(writing: Writing, asked: Json) -> Json | str:
    found = _of_type(writing, asked)
    if isinstance(found, str):
        return found
    kind, before = found
    refused = kind.delete(writing, before) if kind.delete else f"a {kind.singular} cannot be deleted"
    if isinstance(refused, Refusal):
        return refused.message
    return refused or {"deleted": True}


def _edit(writing: Writing, asked: Json) -> Json | str:
    found = _of_type(writing, asked)
    return found if isinstance(found, str) else _changed(writing, *found, asked.get("fields") or {})


def _void(writing: Writing, asked: Json) -> Json | str:
    found = _of_type(writing, asked)
    return found if isinstance(found, str) else _changed(writing, *found, {"status": "void"})


def _changed(writing: Writing, kind: Kind, before: Json, fields: Json) -> Json | str:
    if kind.plural not in DOCUMENTS:
        unknown = [name for name in fields if name not in before]
        return f"no such field: {unknown[0]}" if unknown else writing.change(kind.plural, before, **fields)
    if kind.patch is None or kind.patch_shape is None:
        return f"a {kind.singular} cannot be changed"
    problems: list[str] = []
    kind.patch_shape(fields, kind.singular, problems)
    return "; ".join(problems) or _said(kind.patch(writing, before, fields))


def _create(writing: Writing, asked: Json) -> Json | str:
    """`{"type", "fields"}`: an object made by hand, with the fields of a create body and any number."""
    kind, fields = _MADE.get(str(asked.get("type"))), asked.get("fields") or {}
    if kind is None or kind.create is None:
        return f"type: expected one of {', '.join(_MADE)}"
    problems: list[str] = []
    if kind.shape is not None:
        kind.shape(fields, kind.singular, problems)
    return "; ".join(problems) or _said(kind.create(writing, fields))


def _pay(writing: Writing, asked: Json) -> Json | str:
    """`{"id", "amount"?, "account_id"?, "date"?, "reference"?, "memo"?}`: a payment on one invoice, by default all of
    what is due, into the checking account."""
    problems: list[str] = []
    _PAY(asked, "pay", problems)
    invoice = writing.company.shelves["invoices"].get(str(asked.get("id")))
    if problems or invoice is None:
        return "; ".join(problems) or "id: no such invoice"
    amount = asked["amount"] if asked.get("amount") is not None else invoice["amount_due"]
    fields: Json = {
        "account_id": asked.get("account_id") or writing.company.roles["checking"],
        "customer_id": invoice["customer_id"],
        "currency_code": invoice["currency_code"],
        "txn_date": asked.get("date"),
        "reference": asked.get("reference"),
        "memo": asked.get("memo"),
        "total_amount": amount,
        "linked_invoices": [{"id": invoice["id"], "amount": amount}],
    }
    return _said(receive_payment(writing, fields))


def _replace(writing: Writing, asked: Json) -> Json | str:
    """`{"id"}`: an invoice comes back under another id, as Business Central's ledger entries do."""
    invoice = writing.company.shelves["invoices"].get(str(asked.get("id")))
    return "id: no such invoice" if invoice is None else _said(replace_invoice(writing, invoice))


def _merge(writing: Writing, asked: Json) -> Json | str:
    """`{"id", "into"}`: one customer into another, who gets its documents and what it owes; the first is archived."""
    problems: list[str] = []
    _MERGE(asked, "merge", problems)
    customers = writing.company.shelves["customers"]
    merged, into = customers.get(str(asked.get("id"))), customers.get(str(asked.get("into")))
    if problems or merged is None or into is None or merged["id"] == into["id"]:
        return "; ".join(problems) or "id, into: expected two customers"
    if merged["currency_code"] and into["currency_code"] not in (None, merged["currency_code"]):
        return f"the customers are kept in {merged['currency_code']} and {into['currency_code']}"
    if into["currency_code"] is None and merged["currency_code"]:
        into = writing.change("customers", into, currency_code=merged["currency_code"])
    for plural in DOCUMENTS:
        shelf = writing.company.shelves[plural]
        owned = [body for _, _, body in shelf.live() if body.get("customer_id") == merged["id"]]
        for body in owned:
            _hand_over(writing, plural, body, into["id"])
    return writing.change("customers", merged, status="archived")


def _hand_over(writing: Writing, plural: str, body: Json, customer_id: str) -> None:
    company = writing.company
    writing.change(plural, body, customer_id=customer_id)
    if body["id"] in company.asked:
        company.asked[body["id"]] = {**company.asked[body["id"]], "customer_id": customer_id}
    owed = [leg for entry in company.books.entries.get(body["id"], ()) for leg in entry if leg.customer_id]
    opposite = [Posting(leg.account_id, leg.currency, -leg.amount, leg.customer_id) for leg in owed]
    again = [Posting(leg.account_id, leg.currency, leg.amount, customer_id) for leg in owed]
    company.books.post(body["id"], [*opposite, *again])


def _said(done: Json | Refusal) -> Json | str:
    return done.message if isinstance(done, Refusal) else done


_ACTS: dict[str, Act] = {
    "edit": _edit,
    "void": _void,
    "delete": _delete,
    "create": _create,
    "pay": _pay,
    "replace": _replace,
    "merge": _merge,
}
ACTS = tuple(_ACTS)
