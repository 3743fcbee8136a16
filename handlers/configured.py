"""What can be wrong with any source as configured, whatever its kind."""

from typing import Final

from schemas.money import EXPONENTS
from schemas.sources import Source

_TIMED: Final = frozenset({"stripe", "standardwebhooks", "cloudevents"})


def problem(source: Source, secret_is: str) -> str | None:
    """The first thing wrong, in one line with its cure; `secret_is` says where the sender shows its secret."""
    if not source.secrets:
        return f"no secret; set it to {secret_is}"
    for secret in source.secrets:
        if not secret:
            return f"an empty secret, which anybody could sign with; set it to {secret_is}"
        if secret != secret.strip() or not secret.isprintable():
            return f"a secret with white space or unprintable characters around it; paste {secret_is} alone"
    if source.kind in _TIMED and not 1 <= source.tolerance_seconds <= 86_400:
        return f"tolerance_seconds is {source.tolerance_seconds}; set it between 1 and 86400 (300 is usual)"
    if source.order_reference is not None and source.kind != "stripe":
        return "order_reference is for sources of kind stripe; leave it out"
    if source.commerce_connection is not None and source.kind != "rutter":
        return "commerce_connection is for sources of kind rutter; leave it out"
    for currency, decimals in source.exponents:
        if currency not in EXPONENTS:
            return f"exponents names {currency[:8]!r}, which is no active ISO 4217 code in capitals"
        if not 0 <= decimals <= 4:
            return f"exponents gives {currency} {decimals} decimals; it takes 0 to 4"
    return None
