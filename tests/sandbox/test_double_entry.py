"""Over any run of documents: every currency sums to zero, and receivables agree with what the documents say is open."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.books import Books, ImbalanceError, credit, debit
from sandbox.company import Company
from sandbox.documents.catalogue import KINDS
from sandbox.exact import exponent
from sandbox.founding import found, read_plan
from sandbox.refusals import Refusal
from sandbox.settings import Settings
from sandbox.world import World

Json = dict[str, Any]
CURRENCIES = ["USD", "JPY", "KWD"]
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)

amounts = st.one_of(st.integers(1, 100_000), st.integers(1, 100_000), st.integers(-5_000, 0))
some = st.lists(amounts, min_size=1, max_size=4)
codes = st.sampled_from(CURRENCIES)
which = st.integers(0, 9)
shares = st.sampled_from([0, 25, 50, 100, 100, 101])  # per cent of what could be taken; 101 is refused
steps = st.lists(
    st.one_of(
        st.tuples(st.just("invoice"), codes, some, amounts),
        st.tuples(st.just("credit_memo"), codes, some),
        st.tuples(st.just("refund"), codes, some),
        st.tuples(st.just("payment"), which, shares, st.integers(0, 500)),
        st.tuples(st.just("payment"), which, shares, st.just(0)),
        st.tuples(st.just("apply"), which, which, shares),
        st.tuples(st.just("unapply"), which),
        st.tuples(st.just("void"), which),
        st.tuples(st.just("edit"), which, some),
        st.tuples(
            st.just("delete"),
            st.sampled_from(["invoices", "invoice_payments", "invoice_credit_memos"]),
            which,
        ),
    ),
    min_size=10,
    max_size=40,
)


class Bench:
    """A company acted on directly, without HTTP: refusals are part of the game and change nothing."""

    def __init__(self) -> None:
        self.world = World(Settings(), lambda: NOW)
        plan = read_plan({"currencies": CURRENCIES})
        assert not isinstance(plan, str)
        self.company: Company = found(self.world, plan)
        self.customers = {
            code: self._make("customers", {"contact_name": code, "additional_fields": {"currency_code": code}})["id"]
            for code in CURRENCIES
        }

    def _make(self, plural: str, fields: Json) -> Json:
        create = KINDS[plural].create
        assert create is not None
        made = create(self.world.writing(self.company), fields)
        return {} if isinstance(made, Refusal) else made

    def _pick(self, plural: str, index: int, *, currency: str | None = None) -> Json | None:
        live = [body for _, _, body in self.company.shelves[plural].live() if currency in (None, body["currency_code"])]
        return live[index % len(live)] if live else None

    def _lines(self, code: str, totals: list[int], *, text: bool = False) -> list[Json]:
        items = list(self.company.default_items.values())
        values = [Decimal(total).scaleb(-exponent(code)) for total in totals]
        return [
            {"description": "x", "total_amount": str(value) if text else value, "item": {"id": items[number % 6]}}
            for number, value in enumerate(values)
        ]

    def step(self, what: str, *args: Any) -> None:
        getattr(self, f"_{what}")(*args)

    def _invoice(self, code: str, totals: list[int], tax: int) -> None:
        self._make(
            "invoices",
            {
                "customer_id": self.customers[code],
                "issue_date": "2026-01-15",
                "currency_code": code,
                "line_items": self._lines(code, totals),
                "additional_fields": {"tax_amount": Decimal(tax).scaleb(-exponent(code))},
            },
        )

    def _credit_memo(self, code: str, totals: list[int]) -> None:
        fields = {"customer_id": self.customers[code], "issue_date": "2026-01-15", "currency_code": code}
        self._make("invoice_credit_memos", {**fields, "line_items": self._lines(code, totals, text=True)})

    def _refund(self, code: str, totals: list[int]) -> None:
        fields = {"account_id": self.company.roles["stripe_clearing"], "currency_code": code}
        self._make("customer_refunds", {**fields, "line_items": self._lines(code, totals)})

    def _payment(self, index: int, share: int, excess: int) -> None:
        invoice = self._pick("invoices", index)
        if invoice is None:
            return
        unit = Decimal(1).scaleb(-exponent(invoice["currency_code"]))
        amount = (invoice["amount_due"] * share / 100).quantize(unit)
        fields = {
            "account_id": self.company.roles["stripe_clearing"],
            "total_amount": amount + excess * unit,
            "linked_invoices": [{"id": invoice["id"], "amount": amount}],
        }
        self._make("invoice_payments", fields)

    def _apply(self, memo_index: int, invoice_index: int, share: int) -> None:
        memo = self._pick("invoice_credit_memos", memo_index)
        code = memo["currency_code"] if memo else None
        invoice = self._pick("invoices", invoice_index, currency=code)
        if memo is None or invoice is None:
            return
        reach = min(Decimal(memo["remaining_amount"]), invoice["amount_due"])
        value = (reach * share / 100).quantize(Decimal(1).scaleb(-exponent(memo["currency_code"])))
        fields = {
            "customer_id": memo["customer_id"],
            "invoice_credit_memo_id": memo["id"],
            "transaction_date": "2026-01-15",
            "currency_code": code,
            "linked_invoices": [{"id": invoice["id"], "allocated_amount": value}],
        }
        self._make("invoice_credit_applications", fields)

    def _unapply(self, index: int) -> None:
        memo = self._pick("invoice_credit_memos", index)
        for link in memo["linked_invoices"][:1] if memo else ():
            fields = {"invoice_credit_memo_id": (memo or {})["id"], "invoice_id": link["id"]}
            self._make("invoice_credit_applications/unapply", fields)

    def _patch(self, index: int, fields: Json) -> None:
        invoice, patch = self._pick("invoices", index), KINDS["invoices"].patch
        if invoice is not None and patch is not None:
            patch(self.world.writing(self.company), invoice, fields)

    def _void(self, index: int) -> None:
        self._patch(index, {"status": "void"})

    def _edit(self, index: int, totals: list[int]) -> None:
        invoice = self._pick("invoices", index)
        if invoice is not None:
            self._patch(index, {"line_items": self._lines(invoice["currency_code"], totals)})

    def _delete(self, plural: str, index: int) -> None:
        body, delete = self._pick(plural, index), KINDS[plural].delete
        if body is not None and delete is not None:
            delete(self.world.writing(self.company), body)

    def owed(self) -> dict[str, Decimal]:
        """Receivables as the documents tell them: open invoices, less unapplied payments and credits."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        shelves = self.company.shelves
        for _, _, invoice in shelves["invoices"].live():
            sums[invoice["currency_code"]] += invoice["amount_due"]
        for _, _, memo in shelves["invoice_credit_memos"].live():
            sums[memo["currency_code"]] -= Decimal(memo["remaining_amount"])
        for _, _, payment in shelves["invoice_payments"].live():
            used = sum((Decimal(link["amount"]) for link in payment["linked_invoices"]), Decimal(0))
            sums[payment["currency_code"]] -= Decimal(payment["total_amount"]) - used
        return sums


@settings(max_examples=150, deadline=None)
@given(steps)
def test_any_run_of_documents_balances(run: list[tuple[Any, ...]]) -> None:
    bench = Bench()
    for what, *args in run:
        bench.step(what, *args)
        books = bench.company.books
        assert all(sum(accounts.values()) == 0 for accounts in books.trial_balance().values())

    owed = bench.owed()
    for code, customer in bench.customers.items():
        assert bench.company.books.receivable(customer, code) == owed[code]
        receivable = bench.company.roles["accounts_receivable"]
        assert bench.company.books.balance(receivable, code) == owed[code]


def test_an_entry_that_does_not_balance_is_a_bug() -> None:
    books = Books()
    with pytest.raises(ImbalanceError):
        books.post("d", [debit("a", "USD", Decimal("1.00")), credit("b", "EUR", Decimal("1.00"))])

    assert (books.trial_balance(), dict(books.entries)) == ({}, {})


def test_reversing_twice_is_reversing_once() -> None:
    books = Books()
    books.post("d", [debit("a", "USD", Decimal(5), "c"), credit("b", "USD", Decimal(5))])
    books.reverse("d")
    books.reverse("d")

    assert (books.trial_balance(), books.receivables()) == ({"USD": {}}, {})
