"""Document numbers: the source's own number where it fits, else a hash that anyone can derive again.

What fits is the platform's to say (`schemas/platforms`), and so is whether a kind of document has a number at all.
"""

import hashlib
from typing import Final

_LEAST: Final = 8
"""Characters of a hash, below which two documents might come to the same one: what stands before it gives way first."""
_MOST: Final = 16
_HEX_FROM: Final = 12
"""In less room than this the hash takes all letters and digits, and so tells about as many documents apart."""
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def invoice_number(prefix: str, number: str, namespace: str, key: str, length: int) -> str:
    """Prefix and the order's number; where that is longer than `length`, prefix and a hash of the invoice's key."""
    whole = prefix + number
    return whole if len(whole) <= length else _hashed(prefix, "", namespace, key, length)


def credit_memo_number(prefix: str, namespace: str, key: str, length: int) -> str:
    """Prefix, `CM-` and a hash of what the credit memo is for; in little room without `CM-`, in less without either."""
    return _hashed(prefix, "CM-", namespace, key, length)


def payment_reference(reference: str, length: int) -> str:
    """The reference, or its last characters: the end is what tells gateway ids apart."""
    return reference[-length:]


def _hashed(prefix: str, mark: str, namespace: str, key: str, length: int) -> str:
    head = next((head for head in (prefix + mark, prefix) if length - len(head) >= _LEAST), "")
    return head + _hash(namespace, key, min(length - len(head), _MOST))


def _hash(namespace: str, key: str, room: int) -> str:
    text = f"{len(namespace)}:{namespace}{key}"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    if room >= _HEX_FROM:
        return digest.hexdigest()[:room].upper()
    value, letters = int.from_bytes(digest.digest()), ""
    for _ in range(room):
        value, index = divmod(value, len(_ALPHABET))
        letters += _ALPHABET[index]
    return letters
