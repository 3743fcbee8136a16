"""What the demo came to: one object for programs, tables for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from rich.text import Text

from sandbox.day.audit import Audit, Name
from sandbox.day.day import Day
from sandbox.day.tie_out import TieOut
from schemas.money import Money
from service.cli.show import GREEN, OUT, RED, YELLOW, table

KINDS: Final = ("invoices", "invoice_payments", "credit_memos", "credit_applications", "customer_refunds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything that was counted, and the audit."""

    day: Day
    audit: Audit
    in_books: Mapping[str, int]
    deliveries: int
    rejected: int
    unanswered: int
    events: int
    duplicates_dropped: int
    parked: int
    unreadable: int
    released: int
    seconds: float

    @property
    def good(self) -> bool:
        """The books are exactly as they should be, and every sender had an answer."""
        return self.audit.is_clean and self.unanswered == 0

    @property
    def expected(self) -> int:
        """Documents that must be in the books, of all kinds."""
        return sum(len(getattr(self.day.expected, kind)) for kind in KINDS)


def as_object(outcome: Outcome) -> dict[str, Any]:
    """For `--json`. Amounts in minor units."""
    audit = outcome.audit
    return {
        "seed": outcome.day.seed,
        "orders": len(outcome.day.facts.orders),
        "deliveries": outcome.deliveries,
        "events": outcome.events,
        **{kind: outcome.in_books.get(kind, 0) for kind in KINDS},
        "duplicates_dropped": outcome.duplicates_dropped,
        "rejected": outcome.rejected,
        "unanswered": outcome.unanswered,
        "parked": outcome.parked,
        "unreadable": outcome.unreadable,
        "released": outcome.released,
        "expected": outcome.expected,
        "missing": len(audit.missing),
        "doubled": len(audit.doubled),
        "different": len(audit.different),
        "unexpected": len(audit.unexpected),
        "tie_out": _by_currency(audit),
        "problems": _problems(audit)[:50],
        "seconds": round(outcome.seconds, 2),
        "ok": outcome.good,
    }


def _by_currency(audit: Audit) -> dict[str, dict[str, Any]]:
    """Per currency over all connections; `difference` adds up without letting two errors cancel."""
    found: dict[str, dict[str, Any]] = {}
    for tie in audit.tie_out:
        row = found.setdefault(tie.currency, {"source": 0, "books": 0, "difference": 0, "connections": {}})
        row["source"] += tie.source
        row["books"] += tie.books
        row["difference"] += sum(abs(leg.difference) for leg in tie.legs)
        row["connections"][tie.connection] = {
            "source": tie.source,
            "books": tie.books,
            "difference": tie.difference,
        }
    return found


def _problems(audit: Audit) -> list[str]:
    lines = [f"missing: {_words(name)}" for name in audit.missing]
    lines += [f"doubled: {_words(one.name)} is there {one.times} times" for one in audit.doubled]
    lines += [
        f"different: {_words(one.name)}: {one.field} should be {one.expected}, is {one.found}"
        for one in audit.different
    ]
    return lines + [f"unexpected: {_words(name)}" for name in audit.unexpected]


def _words(name: Name) -> str:
    return f"{name.kind} {name.marker} ({name.connection})"


def show(outcome: Outcome) -> None:
    """For people."""
    audit = outcome.audit
    OUT.print()
    table(
        "Documents in the books",
        ["kind", "expected#", "in the books#", "right#", "missing#", "doubled#", "different#"],
        [_kind_row(outcome, kind) for kind in KINDS],
        empty="",
    )
    OUT.print()
    table(
        "Tie-out: what the sources told, against the books",
        ["connection", "currency", "orders#", "payments#", "refunds#", "net#", "net in the books#", "difference#"],
        [_tie_row(tie) for tie in audit.tie_out if any(leg.source or leg.books for leg in tie.legs)],
        empty="",
    )
    OUT.print()
    table(
        "On the way",
        ["what", "how many#"],
        [
            ("deliveries answered 2xx", outcome.deliveries),
            ("events, each fact once", outcome.events),
            ("duplicate tellings dropped", outcome.duplicates_dropped),
            ("forged, answered 401", outcome.rejected),
            ("unreadable, kept and parked", outcome.unreadable),
            ("orders parked for an unmapped item", Text(str(outcome.parked), style=YELLOW)),
            ("events released by mapping it", Text(str(outcome.released), style=GREEN)),
        ],
        empty="",
    )
    OUT.print()
    for line in _problems(audit)[:20]:
        OUT.print(Text(line, style=RED))
    verdict = (
        Text(f"Every document is there once and right, to the unit. {outcome.seconds:.1f} s", style=f"bold {GREEN}")
        if outcome.good
        else Text("The books are not as they should be.", style=f"bold {RED}")
    )
    OUT.print(verdict)


def _tie_row(tie: TieOut) -> tuple[object, ...]:
    def major(minor: int) -> Decimal:
        return Money(minor, tie.currency).major

    return (
        tie.connection,
        tie.currency,
        *(major(leg.source) for leg in tie.legs),
        major(tie.source),
        major(tie.books),
        Text(str(major(tie.difference)), style=GREEN if tie.ties else RED),
    )


def _kind_row(outcome: Outcome, kind: str) -> tuple[object, ...]:
    audit = outcome.audit
    expected = len(getattr(outcome.day.expected, kind))
    right = audit.matched.get(kind, 0)
    return (
        kind.replace("_", " "),
        expected,
        outcome.in_books.get(kind, 0),
        Text(str(right), style=GREEN if right == expected else RED),
        *(
            Text(str(count), style=RED if count else "dim")
            for count in (
                sum(name.kind == kind for name in audit.missing),
                sum(one.name.kind == kind for one in audit.doubled),
                len({one.name for one in audit.different if one.name.kind == kind}),
            )
        ),
    )
