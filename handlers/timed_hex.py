"""The header `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`: HMAC-SHA256 over the time, a full stop and the raw body.

Stripe's scheme (Stripe: Verify webhook signatures manually), which our own signed CloudEvents use, too. The key is the
whole secret as text. Other schemes in the header, such as Stripe's `v0`, are passed over.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from handlers.signatures import MAX_HEADER, any_match, from_hex, is_fresh, keys, mac, unix_seconds
from schemas.deliveries import RefusalReason

_MAX_SIGNATURES: Final = 32


def signature(body: bytes, secret: str, now: datetime) -> str:
    """The header's value, as the sender would write it at `now`."""
    seconds = int(now.timestamp())
    return f"t={seconds},v1={mac(secret.encode(), f'{seconds}.'.encode() + body).hex()}"


def problem(
    header: str | None, body: bytes, secrets: Iterable[str], now: datetime, tolerance: int
) -> RefusalReason | None:
    """Why the header proves nothing, or None when it does. A stale one is one whose signature holds."""
    if not header:
        return RefusalReason.MISSING
    if len(header) > MAX_HEADER:
        return RefusalReason.GARBLED
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [proof for name, _, value in parts if name == "v1" and (proof := from_hex(value)) is not None]
    seconds = unix_seconds(times[0]) if len(times) == 1 else None
    if seconds is None or not given or len(given) > _MAX_SIGNATURES:
        return RefusalReason.GARBLED
    content = f"{times[0]}.".encode() + body
    if not any_match(given, (mac(key, content) for key in keys(secrets))):
        return RefusalReason.WRONG
    return None if is_fresh(seconds, now, tolerance) else RefusalReason.STALE
