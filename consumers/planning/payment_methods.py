"""How a payment was made, in the words of the books: by the mapping, where the platform takes it."""

from dataclasses import dataclass, field
from typing import Any, Final

from consumers.planning import wording
from consumers.planning.questions import Question, answers, ask_named
from consumers.planning.rules import same_text
from schemas.books import Books
from schemas.connections import Connection
from schemas.facts import Payment
from schemas.mapping import Named
from schemas.plans import Cause, Park
from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform

_BY_WORD: Final = frozenset({"SAGE_INTACCT", "SAGE_INTACCT_V2"})
"""Where it is one of a few words, not an entry of a list (Rutter: Create an invoice payment, payment_method)."""
_WORDS: Final = ("check", "cash", "eft", "credit_card")


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The fields of the body that say it; none where nothing does."""

    fields: dict[str, Any] = field(default_factory=dict)
    why: tuple[str, ...] = ()


def ask_method(payment: Payment, connection: Connection) -> tuple[Question, ...]:
    """What to ask for it."""
    named = _named(payment, connection)
    return () if named is None or connection.platform in _BY_WORD else (ask_named("payment_method", named),)


def payment_method(payment: Payment, books: Books) -> Method | Park:
    """By the payment's method, else by its gateway."""
    connection = books.connection
    named = _named(payment, connection)
    if named is None:
        return Method()
    why = f"payment method {payment.method or payment.gateway}: mapped to {named}"
    cited = platform(connection.platform).why(Feature.PAYMENT_METHOD)
    if connection.platform in _BY_WORD:
        word = named.id or named.name or named.code
        if word not in _WORDS:
            return _missing(named, f"{connection.platform} takes {wording.listed(_WORDS)}", connection)
        return Method(fields={"additional_fields": {"payment_method": word}}, why=(why, cited))
    found = answers("payment_method", named, books)
    if len(found) != 1:
        several = f"the books have {len(found)} payment methods of that name" if found else "the books have none such"
        return _missing(named, several, connection)
    return Method(fields={"payment_method_id": found[0].id}, why=(why, cited))


def _named(payment: Payment, connection: Connection) -> Named | None:
    if not platform(connection.platform).has(Feature.PAYMENT_METHOD):
        return None
    rows = connection.mapping.payment_methods
    for word in (payment.method, payment.gateway):
        mapped = next((named for told, named in rows if same_text(told, word)), None)
        if mapped is not None:
            return mapped
    return None


def _missing(named: Named, why: str, connection: Connection) -> Park:
    return Park(
        cause=Cause.UNMAPPED_METHOD,
        subject=f"payment method {named}",
        detail=f"the payment method is mapped to {named}, and {why}",
        cure=wording.apply(connection, ("payment_methods",), "the name of one that is there"),
    )
