"""The auditor: the books over HTTP, and what waits, against the bookkeeper's reckoning; to the minor unit."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sandbox.day.money import minor
from sandbox.month.facts import Happened, name_of, source_of
from sandbox.month.reckoning import Document, Named, Reckoning

Report = Mapping[str, Any]
"""The answer to `GET /_sandbox/books` of one connection, its amounts read as decimals."""
_DATES: Final = {
    "invoice": "issue_date",
    "invoice_payment": "txn_date",
    "invoice_credit_memo": "issue_date",
    "customer_refund": "transaction_date",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the service says of facts that are not in the books: parked with their causes, and held."""

    parked: Mapping[Named, str]
    held: frozenset[Named]


@dataclass(frozen=True, slots=True)
class Gap:
    """One difference: where, what was expected, what is there."""

    where: str
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All differences, by what is compared; and by feature, of those that a fact can be named for."""

    gaps: tuple[Gap, ...]
    compared: Mapping[str, int]
    features: Mapping[str, int]

    @property
    def is_clean(self) -> bool:
        """Nothing differs."""
        return not self.gaps


def audit(expected: Reckoning, report: Report, waiting: Waiting, happened: Iterable[Happened]) -> Audit:
    """Compare everything."""
    gaps: list[Gap] = []
    sides: dict[str, tuple[Mapping[Any, int], Mapping[Any, int]]] = {
        "trial balance": (expected.balances, balances(report)),
        "receivables": (expected.owing, receivables(report)),
        "documents": (expected.documents, documents(report)),
        "files": (expected.files, files(report)),
    }
    for where, (wanted, found) in sides.items():
        gaps += _counted(where, wanted, found)
    parked, held = _by_order(waiting.parked), _by_order(dict.fromkeys(waiting.held, "held"))
    waits = {**dict.fromkeys(expected.held, "held"), **expected.parked}
    told = {**held, **parked}
    features = {(source_of(one.fact), name_of(one.fact)): one.feature for one in happened}
    odd: Counter[str] = Counter()
    for name in sorted(waits.keys() | told.keys()):
        state, seen = waits.get(name, "booked"), told.get(name, "booked")
        if state != seen:
            feature = features.get(name) or features.get((name[0], name[1].replace("attachment:", "order:")), "")
            odd[feature] += 1
            gaps.append(Gap("waiting", f"{feature}: {name[0]} {name[1]}", state, seen))
    compared = {where: len([one for one in wanted.values() if one]) for where, (wanted, _) in sides.items()}
    return Audit(gaps=tuple(gaps), compared={**compared, "waiting": len(waits)}, features=odd)


def balances(report: Report) -> Counter[tuple[str, str]]:
    """(account, currency) -> minor units, debit above zero."""
    rows = report["trial_balance"]
    return Counter({(row["account"], row["currency"]): _minor(row["balance"], row["currency"]) for row in rows})


def receivables(report: Report) -> Counter[tuple[str, str]]:
    """(customer, currency) -> what they owe, in minor units."""
    owed: Counter[tuple[str, str]] = Counter()
    for row in report["receivables"]:
        owed[row["customer_name"], row["currency"]] += _minor(row["balance"], row["currency"])
    return owed


def documents(report: Report) -> Counter[Document]:
    """Those of money, however often each; void ones are not there."""
    names = {one["id"]: one["customer_name"] for one in report["customers"]}
    found: Counter[Document] = Counter()
    for row in report["documents"]:
        body, kind = row["document"], row["type"]
        if kind not in _DATES or str(body.get("status")).lower() == "void":
            continue
        code = body["currency_code"]
        found[
            Document(
                kind,
                names.get(body["customer_id"], body["customer_id"]),
                code,
                _minor(body["total_amount"], code),
                date.fromisoformat(body[_DATES[kind]][:10]),
            )
        ] += 1
    return found


def files(report: Report) -> Counter[tuple[str, str]]:
    """(customer, SHA-256) of what is kept with invoices, however often each."""
    names = {one["id"]: one["customer_name"] for one in report["customers"]}
    return Counter(
        (names.get(row["document"]["customer_id"], ""), file["sha256"])
        for row in report["documents"]
        for file in row.get("attachments", ())
    )


def _minor(value: object, currency: str) -> int:
    return minor(Decimal(str(value)), currency)


def _counted(where: str, wanted: Mapping[Any, int], found: Mapping[Any, int]) -> list[Gap]:
    keys = sorted(wanted.keys() | found.keys(), key=str)
    return [
        Gap(where, _shown(key), str(wanted.get(key, 0)), str(found.get(key, 0)))
        for key in keys
        if wanted.get(key, 0) != found.get(key, 0)
    ]


def _shown(key: object) -> str:
    if isinstance(key, Document):
        return f"{key.kind} {key.dated} {key.customer}: {key.total} {key.currency}"
    return " ".join(key) if isinstance(key, tuple) else str(key)


def _by_order(waiting: Mapping[Named, str]) -> dict[Named, str]:
    """A file is called by its order alone: its own mark is the service's."""
    named: dict[Named, str] = {}
    for (source, name), state in waiting.items():
        short = name.rsplit(":", 1)[0] if name.startswith("attachment:") else name
        named[source, short] = state
    return named
