"""Why Rutter disabled a connection, as people say it (Rutter: Connection status, `disabled_reason`)."""

from typing import Final

_WORDS: Final = {
    "SHOP_API_KEY_EXPIRED": "the key it was linked with has expired",
    "SHOP_NOT_FOUND": "the company is not there any more",
    "SHOP_ID_IS_INVALID": "the company it was linked to cannot be found",
    "SHOP_IS_DISABLED_OR_EXPIRED": "the merchant's account is disabled or has expired",
    "SHOP_IS_LOCKED": "the merchant's account is locked",
    "SHOP_PAYMENT_REQUIRED": "the merchant's accounting system waits for a payment",
    "TUNNEL_ERROR": "the merchant's system cannot be reached",
    "WEB_SERVICE_IS_DISABLED": "the merchant's system no longer answers programs",
    "SHOP_IS_UNAVAILABLE": "the merchant's system is not available",
    "CERT_EXPIRED": "the certificate of the merchant's system has expired",
    "FAILED TO AUTHENTICATE": "signing in failed",
    "NEEDS_REAUTH": "the merchant must sign in again",
    "REQUEST_TIMEOUT": "the merchant's system did not answer in time",
    "MANUALLY_DISABLED": "somebody disabled it at Rutter",
    "UNKNOWN": "Rutter does not say why",
}
GONE: Final = "Rutter does not know it any more: it was removed there"


def in_words(reason: str | None) -> str | None:
    """`the certificate … has expired (CERT_EXPIRED)`; what is not in the table stands as it is."""
    if reason is None:
        return None
    said = _WORDS.get(reason)
    return reason if said is None else f"{said} ({reason})"
