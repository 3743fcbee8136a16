"""Pages from templates: everything is escaped, a name that a template misspells fails."""

import hashlib
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from service.connecting.links import safe_link
from service.console import wording
from service.console.headers import STATIC

HERE: Final = Path(__file__).parent
FILES: Final = HERE / "static"

NAVIGATION: Final = (
    ("/", "Overview"),
    ("/parked", "Parked"),
    ("/documents", "Documents"),
    ("/orders", "Orders"),
    ("/tie-out", "Tie-out"),
    ("/connections", "Connections"),
    ("/noticed", "Noticed"),
)
"""Where one can go; a new page is a line here."""


def templates() -> Environment:
    """The templates with what they call."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for filter_ in (
        wording.tone,
        wording.words,
        wording.amount,
        wording.signed,
        wording.moment,
        wording.moment_exact,
        wording.day,
        wording.age,
        safe_link,
    ):
        made.filters[filter_.__name__] = filter_
    made.globals |= {
        "navigation": NAVIGATION,
        "style": STATIC + "console.css?" + _digest("console.css"),
        "script": STATIC + "console.js?" + _digest("console.js"),
        "connect_script": STATIC + "connect.js?" + _digest("connect.js"),
        "icon": STATIC + "icon.svg?" + _digest("icon.svg"),
    }
    return made


def page(made: Environment, name: str, status: int = 200, **context: Any) -> HTMLResponse:  # noqa: ANN401 (whatever it shows)
    """One page."""
    return HTMLResponse(made.get_template(name).render(**context), status)


def _digest(name: str) -> str:
    return hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:12]
