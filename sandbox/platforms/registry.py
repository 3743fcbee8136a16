"""Every platform's rules by Rutter's name for it."""

from collections import defaultdict
from dataclasses import replace
from typing import Final

from sandbox.platforms import (
    dynamics365,
    freshbooks,
    netsuite,
    quickbooks,
    quickbooks_desktop,
    sage_intacct,
    xero,
    zohobooks,
)
from sandbox.platforms.rules import Rules

# A platform of which we know nothing: whatever is asked of it is unknown.
UNTOLD: Final = Rules(endpoints={}, untold="unknown")

_RULES: Final = {
    "QUICKBOOKS": quickbooks.RULES,
    "QUICKBOOKS_DESKTOP": quickbooks_desktop.RULES,
    "XERO": xero.RULES,
    "NETSUITE": netsuite.RULES,
    "SAGE_INTACCT": sage_intacct.RULES,
    "SAGE_INTACCT_V2": sage_intacct.VERSION_2,
    "DYNAMICS365": dynamics365.RULES,
    "ZOHOBOOKS": zohobooks.RULES,
    "FRESHBOOKS": freshbooks.RULES,
    "SAGE_BUSINESS_CLOUD": replace(UNTOLD, named_filters=False),
}


def rules_of(platform: str) -> Rules:
    """The rules of a platform; those of one we know nothing of, where we have none."""
    return _RULES.get(platform, UNTOLD)


def _special() -> dict[str, frozenset[str]]:
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for rules in _RULES.values():
        for plural, names in rules.takes.items():
            found[plural] |= names
    return dict(found)


# The request fields that some platform takes and not all do, by object.
SPECIAL: Final = _special()
