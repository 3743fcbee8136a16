"""Addresses that a person is given to click: Rutter's over TLS, a stand-in's on this machine."""

from typing import Final
from urllib.parse import urlsplit

_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST: Final = 1000


def safe_link(url: str | None) -> str | None:
    """The address where it may be shown as a link, else None."""
    if url is None or len(url) > _LONGEST or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.username or parts.password or not parts.hostname:
        return None
    return url if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE) else None
