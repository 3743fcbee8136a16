"""What a file is called in the books."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}
"""Content types that are kept, and the endings of their names, the usual one first."""
_STEM: Final = 80
_DIGITS: Final = 12
"""Of the digest, in the name."""


def file_name(name: str, content_type: str, digest: str) -> str:
    """A name that says what the file is, and of two files with one name which: `receipt 5be08c96d1e2.pdf`.

    A platform and a person open a file by its ending, so the ending tells the truth. By the part of its digest in it
    the file is recognised among those of its invoice, which have no other key of ours.
    """
    stem = _clean(name)
    for ending in (ending for endings in ENDINGS.values() for ending in endings):
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)]
            break
    ending = ENDINGS.get(content_type, ("",))[0]
    return f"{stem[:_STEM].strip(' .') or 'file'} {digest[:_DIGITS]}{ending}"


def _clean(name: str) -> str:
    """The last part of a path, of letters, digits and a few signs that every system takes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFKC", name))[-1]
    kept = (letter if letter.isalnum() or letter in "._-()" else " " for letter in last)
    return re.sub(r" +", " ", "".join(kept)).strip(" .")
