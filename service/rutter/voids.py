"""Whether an invoice is void. Some platforms show a void invoice as paid: then its total is gone (Rutter: Update an
invoice, status)."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.platforms.capability import Feature
from schemas.platforms.registry import platform
from service.rutter.values import decimal

_VOID: Final = frozenset({"void", "voided"})


def is_void(invoice: Mapping[str, Any], platform_name: str) -> bool:
    """Whether it says so, or is paid without a total where the platform's void reads back so."""
    status = invoice.get("status")
    status = status.strip().lower() if isinstance(status, str) else ""
    if status in _VOID:
        return True
    reads_paid = platform(platform_name).may(Feature.VOID_READS_PAID)
    return reads_paid and status == "paid" and decimal(invoice.get("total_amount")) == 0
