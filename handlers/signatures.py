"""Proofs over raw bytes: keyed hashes compared in constant time, and freshness. Headers are hostile: nothing raises."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from schemas.deliveries import RefusalReason

MAX_HEADER: Final = 8192
"""A longer signature header is garbage: real ones hold a few signatures of under a hundred characters."""

_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_HEX_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}")


def mac(key: bytes, content: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes."""
    return hmac.digest(key, content, "sha256")


def keys(secrets: Iterable[str]) -> list[bytes]:
    """The secrets as keys, empty ones left out: everybody knows those."""
    return [secret.encode("utf-8", "surrogatepass") for secret in secrets if secret]


def any_match(given: Iterable[bytes], expected: Iterable[bytes]) -> bool:
    """Whether any proof given is one expected. Looks at every pair, each in constant time."""
    wanted = list(expected)
    found = False
    for proof in given:
        for right in wanted:
            found |= hmac.compare_digest(proof, right)
    return found


def from_base64(text: str) -> bytes | None:
    """Strictly decoded base64 with or without its padding, or None."""
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None


def to_base64(proof: bytes) -> str:
    """Base64 with padding."""
    return base64.b64encode(proof).decode("ascii")


def from_hex(text: str) -> bytes | None:
    """The 32 bytes of a SHA-256 in hexadecimal, or None."""
    return bytes.fromhex(text) if _HEX_SHA256.fullmatch(text) else None


def unix_seconds(text: str) -> int | None:
    """A time as plain ASCII digits, or None."""
    return int(text) if _SECONDS.fullmatch(text) else None


def is_fresh(seconds: int, now: datetime, tolerance: int) -> bool:
    """Whether a signed time lies within `tolerance` seconds of `now`, on either side."""
    return abs(now.timestamp() - seconds) <= tolerance


def base64_problem(header: str | None, prefix: str, body: bytes, secrets: Iterable[str]) -> RefusalReason | None:
    """Why `header` (`prefix` and base64 of the body's keyed hash) proves nothing, or None when it does."""
    if not header:
        return RefusalReason.MISSING
    if len(header) > MAX_HEADER or not header.startswith(prefix):
        return RefusalReason.GARBLED
    proof = from_base64(header.removeprefix(prefix).strip())
    if proof is None or len(proof) != hashlib.sha256().digest_size:
        return RefusalReason.GARBLED
    return None if any_match([proof], (mac(key, body) for key in keys(secrets))) else RefusalReason.WRONG
