"""Logs: one wide line a delivery and a document, from a closed list of names; JSON lines, or text on a terminal.

Fields are named values. Secrets are kept out by never being given: bodies, tokens and headers are not fields.
"""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

import orjson

LogName = Literal[
    "service.started",
    "service.stopping",
    "service.cut_short",
    "service.stopped",
    "delivery.accepted",
    "delivery.refused",
    "document.posted",
    "document.changed",
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
    "books.swept",
    "books.unread",
]
"""Everything we say. A line that is not named here does not exist."""

Field = str | int | float | bool | None

_LOGGER: Final = logging.getLogger("ledgerhook")


def say(name: LogName, level: int = logging.INFO, **fields: Field) -> None:
    """One line: its name and its fields."""
    if not _LOGGER.isEnabledFor(level):
        return
    handlers = logging.root.handlers
    if len(handlers) == 1 and isinstance(ours := handlers[0], _JsonHandler):
        ours.say(level, name, fields)  # straight there: the way through loggers costs more than the line
        return
    # Made by hand: `Logger.log` looks for its caller's file and line at each call, which no line of ours tells.
    record = logging.LogRecord(_LOGGER.name, level, "", 0, name, None, None)
    record.__dict__["fields"] = fields
    _LOGGER.handle(record)


def warn(name: LogName, **fields: Field) -> None:
    """A line somebody may have to act on."""
    say(name, logging.WARNING, **fields)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = _begun(record.created, record.levelno, record.getMessage())
        line |= getattr(record, "fields", {})
        if record.name != _LOGGER.name:
            line["logger"] = record.name
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return _json(line)


class _JsonHandler(logging.StreamHandler[TextIO]):
    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.setFormatter(_JsonLines())

    def say(self, level: int, name: str, fields: dict[str, Field]) -> None:
        """As `handle` with a record of that name and those fields."""
        line = _json(_begun(time.time(), level, name) | fields) + self.terminator
        self.acquire()
        try:
            self.stream.write(line)
            self.flush()
        except Exception:  # noqa: BLE001  # as `emit`: no line is worth what it tells of
            self.handleError(logging.LogRecord(_LOGGER.name, level, "", 0, name, None, None))
        finally:
            self.release()


def _begun(at: float, level: int, name: str) -> dict[str, Field]:
    return {
        "time": datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds"),
        "level": _LEVELS.get(level) or logging.getLevelName(level).lower(),
        "event": name,
    }


def _json(line: dict[str, Field]) -> str:
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
    as_text = form == "text" or (form == "auto" and out.isatty())
    handler = logging.StreamHandler(out) if as_text else _JsonHandler(out)
    if as_text:
        handler.setFormatter(_Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _LOGGER.setLevel(level.upper())
    # No line tells these, and asking for them costs more than the rest of a line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in ("httpx", "httpcore", "aiokafka", "sqlalchemy", "uvicorn.access", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL if name == "aiokafka" else logging.WARNING)
