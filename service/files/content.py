"""What a file is, by its content, and what it is called. Pure.

PDF, PNG and JPEG are known by their first bytes (ISO 32000-1, 7.5.2; W3C PNG, 5.2; ITU-T T.81, B.1.1), CSV and text by
being text all through. The name says nothing about it: a platform and a person open a file by its ending, so the ending
is made to tell the truth.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

TYPES: Final = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}
"""Content types that are kept, and the endings of their names, the usual one first."""
_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_PDF_WITHIN: Final = 1024
"""Readers of PDF take the header anywhere in so many first bytes (ISO 32000-1, implementation note 13)."""
_SNIFFED: Final = 64 * 1024
_CONTROLS: Final = frozenset(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D}
_MARKUP: Final = re.compile(r"\s*<(!doctype|html|script|svg|\?xml)", re.IGNORECASE)
_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class NotKept:
    """A file that is not kept, and why."""

    reason: str


def content_type(content: bytes) -> str | NotKept:
    """One of `TYPES`, by what is in the file."""
    if not content:
        return NotKept("it is empty")
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "application/pdf"
    text = _text(content)
    if text is None:
        return NotKept("it is none of PDF, PNG, JPEG, CSV and text")
    if _MARKUP.match(text):
        return NotKept("it is a web page, or other markup, and none of PDF, PNG, JPEG, CSV and text")
    return "text/csv" if _is_table(text) else "text/plain"


def named(name: str, kind: str, digest: str) -> str:
    """A file name that says what the file is, and of two files with one name which: `receipt 5be08c96.pdf`.

    By the part of its digest in it, it is recognised among the files of an invoice, which have no other key of ours.
    """
    known = tuple(ending for endings in TYPES.values() for ending in endings)
    stem = _clean(name)
    for ending in known:
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)].rstrip(" .")
            break
    ending = TYPES.get(kind, ("",))[0]
    return f"{stem[:_NAME].rstrip(' .') or 'file'} {digest[:8]}{ending}"


def _clean(name: str) -> str:
    """The last part of a path, of letters, digits and a few signs that every system takes."""
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFKC", last)
    kept = (letter if letter.isalnum() or letter in " ._-()" else " " for letter in plain)
    return re.sub(r"\s+", " ", "".join(kept)).strip(" .")


def _text(content: bytes) -> str | None:
    """As UTF-8, or in Windows' own table; None for what is not text."""
    if b"\x00" in content:
        return None
    text = _decoded(content, "utf-8-sig")
    return _decoded(content, "cp1252") if text is None else text


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if any(ord(letter) in _CONTROLS for letter in set(text)) else text


def _is_table(text: str) -> bool:
    """At least two rows, all with the same number of columns, more than one."""
    lines = text[:_SNIFFED].splitlines()
    whole = lines if len(text) <= _SNIFFED else lines[:-1]
    for delimiter in (",", ";", "\t"):
        try:
            widths = {len(row) for row in csv.reader(whole, delimiter=delimiter, strict=True) if row}
        except csv.Error:
            continue
        if len(whole) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False
