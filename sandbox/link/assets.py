"""The files the pages are made of, read once."""

from functools import cache
from pathlib import Path
from typing import Final

from sandbox.wire import Reply

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_TYPES: Final = {
    "window.js": "text/javascript; charset=utf-8",
    "window.css": "text/css; charset=utf-8",
    "loader.js": "text/javascript; charset=utf-8",
}


@cache
def text(name: str) -> str:
    """A file beside this one."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def asset(name: str) -> Reply | None:
    """A script or style sheet as an answer; None where there is none of this name."""
    return Reply(status=200, body=text(name).encode(), media_type=_TYPES[name]) if name in _TYPES else None
