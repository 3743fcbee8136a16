"""The books as an auditor would want them: every document, the trial balance, what customers owe."""

from collections import defaultdict
from decimal import Decimal

from sandbox.company import Company
from sandbox.documents.catalogue import DOCUMENTS, KINDS
from sandbox.exact import Json, plain
from sandbox.particulars import particulars


def books_report(companies: list[Company]) -> Json:
    """`GET /_sandbox/books`. Balances are decimal strings, debit positive; `sums` are zero in every currency."""
    documents = [row for company in companies for row in _documents(company)]
    trial = [row for company in companies for row in _trial_balance(company)]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in trial:
        sums[row["currency"]] += Decimal(row["balance"])
    return {
        "documents": documents,
        "trial_balance": trial,
        "sums": {currency: plain(amount) for currency, amount in sorted(sums.items())},
        "receivables": [row for company in companies for row in _receivables(company)],
        "customers": [body for company in companies for _, _, body in company.shelves["customers"].live()],
    }


def _documents(company: Company) -> list[Json]:
    return [
        {
            "connection_id": company.id,
            "type": KINDS[plural].singular,
            "id": object_id,
            "idempotency_key": entry.idempotency_key,
            "document": body,
            **particulars(company, plural, body),
        }
        for plural in DOCUMENTS
        for object_id, entry, body in company.shelves[plural].live()
    ]


def _trial_balance(company: Company) -> list[Json]:
    accounts = company.shelves["accounts"]
    roles = {account_id: role for role, account_id in company.roles.items()}
    rows: list[Json] = []
    for currency, balances in company.books.trial_balance().items():
        for account_id, balance in balances.items():
            account = accounts.get(account_id) or {}
            rows.append(
                {
                    "connection_id": company.id,
                    "currency": currency,
                    "account_id": account_id,
                    "account": account.get("name"),
                    "account_type": account.get("account_type"),
                    "role": roles.get(account_id),
                    "balance": plain(balance),
                }
            )
    return rows


def _receivables(company: Company) -> list[Json]:
    customers = company.shelves["customers"]
    return [
        {
            "connection_id": company.id,
            "customer_id": customer_id,
            "customer_name": (customers.get(customer_id) or {}).get("customer_name"),
            "currency": currency,
            "balance": plain(amount),
        }
        for (customer_id, currency), amount in company.books.receivables().items()
    ]
