"""Sealing: AES-256-GCM over tokens, secrets and archived bodies, with keys that can be rotated.

A sealed value is: format byte 1, length of the key's name, the key's name, a 12-byte nonce, ciphertext with its tag.
What it is sealed *for* (`bound`) is authenticated with it, so that a value copied into another row does not open.
"""

import base64
import binascii
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT: Final = 1
_NONCE: Final = 12
_KEY: Final = 32


class SealError(Exception):
    """A value that does not open: another key ring, another row, or damaged. Says never what is inside."""


@dataclass(frozen=True, slots=True)
class BadKeys:
    """The text of a key ring that cannot be read, and why; the keys themselves are never repeated."""

    reason: str


class KeyRing:
    """Keys by name. The first one seals; all of them open."""

    __slots__ = ("_cipher", "_head", "_keys", "_nonce", "_sealer")

    def __init__(self, keys: Mapping[str, bytes], nonce: Callable[[int], bytes] = os.urandom) -> None:
        """Args: `keys` of 32 bytes each, at least one, the sealing one first; `nonce` gives that many random bytes."""
        if not keys or any(len(key) != _KEY for key in keys.values()):
            raise ValueError("a key ring needs keys of 32 bytes")
        self._keys = dict(keys)
        self._sealer = next(iter(keys))
        self._nonce = nonce
        self._head = bytes((FORMAT, len(self._sealer.encode()))) + self._sealer.encode()
        self._cipher: AESGCM | None = None

    def __repr__(self) -> str:
        """Names only."""
        return f"KeyRing({', '.join(self._keys)})"

    @property
    def sealer(self) -> str:
        """The name of the key that seals."""
        return self._sealer

    def seal(self, plain: bytes, bound: str) -> bytes:
        """Seal for one place."""
        if self._cipher is None:
            self._cipher = _cipher(self._keys[self._sealer])
        nonce = self._nonce(_NONCE)
        return b"".join((self._head, nonce, self._cipher.encrypt(nonce, plain, bound.encode())))

    def open(self, sealed: bytes, bound: str) -> bytes:
        """Open what was sealed for this place.

        Raises:
            SealError: it does not open.
        """
        name, rest = _split(sealed)
        key = self._keys.get(name)
        if key is None:
            raise SealError(f"sealed with the key {name!r}, which is not among the encryption keys")
        return _opened(key, rest, bound)

    def reseal(self, sealed: bytes, bound: str) -> bytes | None:
        """The same value under the key that seals now; None when it is already."""
        name, _ = _split(sealed)
        return None if name == self._sealer else self.seal(self.open(sealed, bound), bound)


def parse_keys(text: str, nonce: Callable[[int], bytes] = os.urandom) -> KeyRing | BadKeys:
    """Read `name:base64key[,name:base64key…]`, the sealing key first."""
    keys: dict[str, bytes] = {}
    for position, part in enumerate((part.strip() for part in text.split(",")), 1):
        name, colon, encoded = part.partition(":")
        if not (colon and name.isascii() and name.isprintable() and 0 < len(name) <= 40):
            return BadKeys(f"key {position} must read name:base64, with a short ASCII name")
        if name in keys:
            return BadKeys(f"two keys are named {name}")
        try:
            key = base64.b64decode(encoded, altchars=b"-_" if set("-_") & set(encoded) else None, validate=True)
        except (binascii.Error, ValueError):
            return BadKeys(f"the key {name} is not base64")
        if len(key) != _KEY:
            return BadKeys(f"the key {name} has {len(key)} bytes; it must have {_KEY}")
        keys[name] = key
    return KeyRing(keys, nonce)


def generate(name: str, random: Callable[[int], bytes] = os.urandom) -> str:
    """A new key as `parse_keys` reads it."""
    return f"{name}:{base64.b64encode(random(_KEY)).decode()}"


def delivery_bound(delivery_id: str) -> str:
    """What a delivery's request is sealed for."""
    return f"deliveries/{delivery_id}"


def seal_delivery(ring: KeyRing, delivery_id: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Seal one request as received, for the delivery of that id."""
    head = orjson.dumps(dict(headers))
    return ring.seal(len(head).to_bytes(4, "big") + head + body, delivery_bound(delivery_id))


def open_delivery(ring: KeyRing, delivery_id: str, sealed: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body again.

    Raises:
        SealError: it does not open.
    """
    plain = ring.open(sealed, delivery_bound(delivery_id))
    end = 4 + int.from_bytes(plain[:4], "big")
    headers: dict[str, str] = orjson.loads(plain[4:end])
    return headers, plain[end:]


def _cipher(key: bytes) -> "AESGCM":
    """Loaded at the first use: importing it takes a third of a second, and starting up should not."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 (as the docstring says)

    return AESGCM(key)


def _split(sealed: bytes) -> tuple[str, bytes]:
    if len(sealed) < 2 + _NONCE or sealed[0] != FORMAT:
        raise SealError("not a sealed value")
    end = 2 + sealed[1]
    return sealed[2:end].decode("ascii", "replace"), sealed[end:]


def _opened(key: bytes, rest: bytes, bound: str) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 (loaded at the first use, as in _cipher)

    try:
        return _cipher(key).decrypt(rest[:_NONCE], rest[_NONCE:], bound.encode())
    except InvalidTag as error:
        raise SealError("sealed for another place, or damaged") from error
