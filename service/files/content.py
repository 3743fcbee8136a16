"""What a file is, by its content. Pure.

PDF, PNG and JPEG are known by their first bytes (ISO 32000-1, 7.5.2; W3C PNG, 5.2; ITU-T T.81, B.1.1), CSV and text by
being text all through. The name says nothing about it.
"""

import csv
import re
from dataclasses import dataclass
from typing import Final

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_BEFORE_PDF: Final = b"\xef\xbb\xbf\x00 \t\r\n"
"""Some writers leave these before the header, and readers take it."""
_SNIFFED: Final = 64 * 1024
_CONTROLS: Final = frozenset({*range(0x20), 0x7F}) - {0x09, 0x0A, 0x0C, 0x0D}
_MARKUP: Final = re.compile(r"\s*<(!doctype|html|script|svg|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NotKept:
    """A file that is not kept, and why."""

    reason: str


def content_type(content: bytes) -> str | NotKept:
    """One of those that are kept (`ENDINGS` of `consumers.planning.additions.file_names`), by what is in the file."""
    if not content:
        return NotKept("it is empty")
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[:_SNIFFED].lstrip(_BEFORE_PDF).startswith(b"%PDF-"):
        return "application/pdf"
    text = _text(content)
    if text is None:
        return NotKept("it is none of PDF, PNG, JPEG, CSV and text")
    if _MARKUP.match(text):
        return NotKept("it is a web page, or other markup, and none of PDF, PNG, JPEG, CSV and text")
    return "text/csv" if _is_table(text) else "text/plain"


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
