"""Every platform in the table, by Rutter's name."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from schemas.platforms.capability import Platform
from schemas.platforms.cautious import CAUTIOUS
from schemas.platforms.dynamics365 import DYNAMICS365
from schemas.platforms.freshbooks import FRESHBOOKS
from schemas.platforms.netsuite import NETSUITE
from schemas.platforms.quickbooks import QUICKBOOKS
from schemas.platforms.quickbooks_desktop import QUICKBOOKS_DESKTOP
from schemas.platforms.sage_intacct import SAGE_INTACCT, SAGE_INTACCT_V2
from schemas.platforms.xero import XERO
from schemas.platforms.zohobooks import ZOHOBOOKS

PLATFORMS: Final[Mapping[str, Platform]] = {
    one.name: one
    for one in (
        QUICKBOOKS,
        QUICKBOOKS_DESKTOP,
        XERO,
        NETSUITE,
        SAGE_INTACCT,
        SAGE_INTACCT_V2,
        DYNAMICS365,
        ZOHOBOOKS,
        FRESHBOOKS,
    )
}


@cache
def platform(name: str) -> Platform:
    """The platform of that name; of one that is not listed, the cautious default under its own name."""
    known = PLATFORMS.get(name)
    return replace(CAUTIOUS, name=name, title=name) if known is None else known
