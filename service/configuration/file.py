"""From the text of the configuration file to typed declarations, or to lines that say what is wrong where."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handlers.registry import HANDLERS
from schemas.connections import Connection, ConnectionState
from schemas.sources import Source
from service.configuration.mapping_reading import mapping_of
from service.configuration.tables import FIELDS, ConnectionTable, File, SecretReference, SourceTable
from service.wrong_values import in_words


@dataclass(frozen=True, slots=True)
class Declarations:
    """What the file declares."""

    connections: tuple[Connection, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class WrongFile:
    """Why nothing of it is applied: a line a mistake, each saying where, what, and what would do."""

    lines: tuple[str, ...]


class Secrets:
    """Opens references; collects what could not be opened instead of raising."""

    def __init__(self, environment: Mapping[str, str], read_file: Callable[[str], str] | None = None) -> None:
        """Secrets come from this environment and these files only."""
        self._environment = environment
        self._read_file = read_file or (lambda path: Path(path).read_text("utf-8"))
        self.wrong: list[str] = []

    def open(self, where: str, reference: SecretReference) -> str:
        """The secret, or "" with a line in `wrong`."""
        if (reference.env is None) == (reference.file is None):
            self.wrong.append(f'{where}: give {{ env = "NAME" }} or {{ file = "path" }}')
            return ""
        if reference.env is not None:
            value = self._environment.get(reference.env, "")
            if not value:
                self.wrong.append(f"{where}: the environment variable {reference.env} is not set")
            return value
        try:
            value = self._read_file(str(reference.file)).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            self.wrong.append(f"{where}: {reference.file} cannot be read ({type(error).__name__})")
            return ""
        if not value:
            self.wrong.append(f"{where}: {reference.file} is empty")
        return value


def read_file(text: str, secrets: Secrets) -> Declarations | WrongFile:
    """The declarations, all checked, or everything that is wrong."""
    try:
        table: Any = tomllib.loads(text, parse_float=Decimal)
        file = File.model_validate(table)
    except tomllib.TOMLDecodeError as error:
        return WrongFile((f"not TOML: {error}",))
    except RecursionError:
        return WrongFile(("not TOML that anybody wrote: nested too deep",))
    except ValidationError as error:
        return WrongFile(tuple(_line(problem) for problem in error.errors(include_url=False, include_input=False)))
    connections = tuple(_connection(alias, table, secrets) for alias, table in file.connections.items())
    sources = tuple(_source(name, table, secrets) for name, table in file.sources.items())
    wrong = list(secrets.wrong)
    for source in sources:
        problem = HANDLERS[source.kind].check(source)
        if problem is not None and not any(line.startswith(f"sources.{source.name}.") for line in wrong):
            wrong.append(f"sources.{source.name}: {problem}")
    return WrongFile(tuple(wrong)) if wrong else Declarations(connections, sources)


def _line(problem: ErrorDetails) -> str:
    """`connections.acme.clearing[0].account: what is wrong`."""
    names = [part for part in problem["loc"] if part != "[key]"]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in names).removeprefix(".")
    return f"{where}: {in_words(problem, FIELDS - {names[-1] if names else ''})}"


def _connection(alias: str, table: ConnectionTable, secrets: Secrets) -> Connection:
    """What the file leaves out of a connection that is linked already is empty: `declaring` fills it in."""
    token = table.access_token
    return Connection(
        alias=alias,
        rutter_id=table.rutter_connection_id or "",
        platform=table.platform or "",
        time_zone=table.time_zone,
        home_currency=table.home_currency,
        mapping=mapping_of(table),
        state=ConnectionState(table.state),
        access_token="" if token is None else secrets.open(f"connections.{alias}.access_token", token),
        calls_per_minute=table.calls_per_minute,
        calls_per_day=table.calls_per_day,
        in_flight=table.in_flight,
        hold_hours=table.hold_hours,
    )


def _source(name: str, table: SourceTable, secrets: Secrets) -> Source:
    return Source(
        name=name,
        kind=table.kind,
        connection=table.connection,
        namespace=table.namespace or name,
        tells=frozenset(table.tells),
        secrets=tuple(
            secrets.open(f"sources.{name}.secrets[{index}]", reference) for index, reference in enumerate(table.secrets)
        ),
        tolerance_seconds=table.tolerance_seconds,
        exponents=tuple(sorted(table.exponents.items())),
        order_reference=table.order_reference,
        commerce_connection=table.commerce_connection,
        auth=table.auth,
    )
