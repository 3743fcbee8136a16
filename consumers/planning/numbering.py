"""Document numbers: the source's own number where it fits, else a hash that anyone can derive again.

What fits is the platform's to say (`schemas/platforms`), and so is whether a kind of document has a number at all.
"""

import hashlib
from collections.abc import Collection
from typing import Final

from schemas.mapping import Numbers
from schemas.platforms.capability import Platform

_LEAST: Final = 8
"""Characters of a hash, below which two documents might come to the same one: what stands before it gives way first."""
_MOST: Final = 16
_HEX_FROM: Final = 12
"""In less room than this the hash takes all letters and digits, and so tells about as many documents apart."""
_LETTERED: Final = frozenset({"NETSUITE"})
"""Where a number of digits alone moves the merchant's own sequence (Rutter: NetSuite)."""
_LETTER: Final = "O-"
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def document_number(number: str, namespace: str, key: str, numbers: Numbers, software: Platform) -> str:
    """An invoice's number on that platform: the namespace's prefix and the source's number, where they will do."""
    prefix = numbers.prefix_of(namespace)
    return invoice_number(
        prefix,
        number,
        namespace,
        key,
        software.number_length,
        others={numbers.prefix, *(other for _, other in numbers.by_source)} - {prefix},
        lettered=software.name in _LETTERED,
    )


def invoice_number(
    prefix: str,
    number: str,
    namespace: str,
    key: str,
    length: int,
    *,
    others: Collection[str] = (),
    lettered: bool = False,
) -> str:
    """Prefix and the order's number; prefix and a hash of the invoice's key where that is longer than `length`, has
    characters that no one can type, or begins as the numbers of another namespace do (`others`: their prefixes).

    `lettered`: a number of digits alone gets a letter before it.
    """
    plain = " ".join(number.split())
    whole = prefix + plain
    if lettered and whole.isdigit():
        prefix, whole = _LETTER, _LETTER + whole
    foreign = any(other.startswith(prefix) and whole.startswith(other) for other in others if other != prefix)
    if not plain or not plain.isprintable() or len(whole) > length or foreign:
        return _hashed(prefix, "", namespace, key, length)
    return whole


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
