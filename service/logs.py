"""Logs: one wide line a delivery and a document, from a closed list of names; JSON lines, or text on a terminal.

Fields are named values. Secrets are kept out by never being given: bodies, tokens and headers are not fields.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

import orjson

LogName = Literal[
    "service.started",
    "service.stopping",
    "service.stopped",
    "delivery.accepted",
    "delivery.refused",
    "document.posted",
    "event.handled",
    "inbox.assigned",
    "inbox.batch",
    "inbox.dead",
    "inbox.rebuilt",
    "inbox.trouble",
    "kafka.trouble",
    "outbox.trouble",
    "posting.trouble",
    "task.failed",
    "trail.swept",
]
"""Everything we say. A line that is not named here does not exist."""

Field = str | int | float | bool | None

_LOGGER: Final = logging.getLogger("ledgerhook")


def say(name: LogName, level: int = logging.INFO, **fields: Field) -> None:
    """One line: its name and its fields."""
    if _LOGGER.isEnabledFor(level):
        # Made by hand: `Logger.log` looks for its caller's file and line at each call, which no line of ours tells.
        record = logging.LogRecord(_LOGGER.name, level, "", 0, name, None, None)
        record.__dict__["fields"] = fields
        _LOGGER.handle(record)


def warn(name: LogName, **fields: Field) -> None:
    """A line somebody may have to act on."""
    say(name, logging.WARNING, **fields)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Field] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": _LEVELS.get(record.levelno) or record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.name != _LOGGER.name:
            line["logger"] = record.name
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        try:
            return orjson.dumps(line).decode()
        except TypeError:  # half a surrogate pair, or an integer past 64 bits: never lose the line for it
            return json.dumps(line, default=str)


_LEVELS: Final = {logging.INFO: "info", logging.WARNING: "warning"}
_COLOURS: Final = {"debug": "2", "info": "36", "warning": "33", "error": "31", "critical": "31"}


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Field] = getattr(record, "fields", {})
        shown = "  ".join(f"\x1b[2m{name}\x1b[0m {value}" for name, value in fields.items() if value is not None)
        level = record.levelname.lower()
        clock = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        trouble = f"  {record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        return f"\x1b[2m{clock}\x1b[0m \x1b[{_COLOURS[level]}m{record.getMessage():<18}\x1b[0m {shown}{trouble}"


def set_up_logs(form: Literal["auto", "json", "text"], level: str, stream: TextIO | None = None) -> None:
    """Send our lines, and libraries' warnings, to `stream` (standard error)."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    as_text = form == "text" or (form == "auto" and out.isatty())
    handler.setFormatter(_Text() if as_text else _JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(level.upper())
    # No line tells these, and asking for them costs more than the rest of a line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in ("httpx", "httpcore", "aiokafka", "sqlalchemy", "uvicorn.access", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL if name == "aiokafka" else logging.WARNING)
