"""What is proposed for accounts: those of receivables, income and tax, and where each gateway's money goes."""

import re
from dataclasses import dataclass
from typing import Final

from schemas.mapping import EVERYTHING, Named, When
from service.configuration.named_things import CLEARING, INCOME, LIABILITY, RECEIVABLE
from service.setup.shelf import Setting
from service.setup.slot import Group, Make, Slot

_ON_ITS_WAY: Final = frozenset({"other_current_asset"})
"""Proposed for money on its way; a bank account only where a person names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """An account that is asked for: what would do, and by which names one is taken to be meant."""

    key: str
    label: str
    makes: Make
    types: frozenset[str]
    patterns: tuple[str, ...]
    proposed_of: frozenset[str] = frozenset()


_FIXED: Final = (
    _Asked(
        key="receivable",
        label="Receivables",
        makes=Make(name="Accounts Receivable", account_type="accounts_receivable"),
        types=RECEIVABLE,
        patterns=("accounts? receivable.*", "trade debtors|debtors", ".*"),
    ),
    _Asked(
        key="income",
        label="Income from sales",
        makes=Make(name="Sales", account_type="income"),
        types=INCOME,
        patterns=("sales", "sales of product income", "(sales )?revenue", "income"),
    ),
    _Asked(
        key="tax_liability",
        label="Tax collected, owed",
        makes=Make(name="Sales tax payable", account_type="other_current_liability"),
        types=LIABILITY,
        patterns=("sales tax payable", "sales tax|vat|gst", "tax"),
    ),
)
_OTHER: Final = _Asked(
    key="clearing",
    label="Money of every other gateway",
    makes=Make(name="Payments clearing", account_type="other_current_asset"),
    types=CLEARING,
    patterns=("undeposited funds", "(payments? )?clearing( account)?", "in transit"),
    proposed_of=_ON_ITS_WAY,
)


def accounts(at: Setting) -> Group:
    """The first screen."""
    fixed = [_account(at, one, getattr(at.connection.mapping, one.key)) for one in _FIXED]
    return Group("Accounts", (*fixed, *clearing(at)))


def clearing(at: Setting) -> tuple[Slot, ...]:
    """A slot for each gateway that was seen or is mapped, and one for every other."""
    rows = at.connection.mapping.clearing
    mapped = [row.when.gateway for row in rows if only_gateway(row.when) and row.when.gateway is not None]
    slots: list[Slot] = []
    for gateway in dict.fromkeys([*mapped, *at.shelf.gateways]):
        now = next((row.account for row in rows if row.when == When(gateway=gateway)), None)
        slots.append(_account(at, _of_gateway(gateway), now))
    now = next((row.account for row in rows if row.when == EVERYTHING), None)
    return (*slots, _account(at, _OTHER, now))


def only_gateway(when: When) -> bool:
    """Whether a rule asks for a gateway and nothing else: those are what setting up shows."""
    return when.gateway is not None and when == When(gateway=when.gateway)


def _of_gateway(gateway: str) -> _Asked:
    title = " ".join(gateway.replace("_", " ").replace("-", " ").split()).capitalize() or gateway
    return _Asked(
        key=f"clearing.{gateway}",
        label=f"Money of {title}",
        makes=Make(name=f"{title} clearing", account_type="other_current_asset"),
        types=CLEARING,
        patterns=(rf"{re.escape(title)} clearing", rf"\b{re.escape(title.split()[0])}\b"),
        proposed_of=_ON_ITS_WAY,
    )


def _account(at: Setting, asked: _Asked, now: Named | None) -> Slot:
    found = at.shelf.called("account", asked.proposed_of or asked.types, *asked.patterns)
    there = None if found is None else at.shelf.named("account", found)
    makes = asked.makes if at.makes_accounts else None
    return Slot(
        key=asked.key,
        label=asked.label,
        proposed=now or there or makes,
        choices=at.shelf.choices("account", asked.types),
        object="account",
        makes=makes,
    )
