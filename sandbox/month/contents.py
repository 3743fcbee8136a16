"""The month's files: what is in them, and that no two orders have the same text."""

import hashlib
from typing import Final

_ONE_DOT: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000000000200015e221bc30000000049454e44ae426082"
)
CONTENTS: Final = {
    "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "png": _ONE_DOT,
    "jpg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\x00" * 20 + bytes.fromhex("ffd9"),
    "csv": b"sku,quantity\nMUG-BLUE,2\nTEE-M,1\n",
    "txt": b"Thank you for your order.\n",
    "exe": b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
}
"""By kind; the last is not what its name will say."""
_MARKS: Final = {"pdf": b"%% %s\n", "csv": b"%s,1\n", "txt": b"%s\n"}


def content_of(order: str, kind: str) -> bytes:
    """The file of that order."""
    mark = _MARKS.get(kind)
    return CONTENTS[kind] + (mark % order.encode() if mark else b"")


def digest_of(order: str, kind: str) -> str:
    """Its SHA-256, in hex."""
    return hashlib.sha256(content_of(order, kind)).hexdigest()
