"""Many rows in one statement, on both databases: the one place that hides how they differ.

Rows travel as one JSON text, which the database turns into a table; binary columns travel side by side in one value
and are cut out by position. (SQLite's driver gives up the interpreter lock at every step, so a statement a row is slow
while the web server runs beside it; PostgreSQL saves the round trips.)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from service.trail.instants import Instant, micros

SQLITE: Final = "sqlite"
Values = Mapping[str, Any]
Upsert = sqlite.Insert | postgresql.Insert


def upsert(dialect: str, table: Table) -> Upsert:
    """An INSERT that knows `on_conflict_do_…`, in the database's own way."""
    return sqlite.insert(table) if dialect == SQLITE else postgresql.insert(table)


@dataclass(frozen=True, slots=True)
class RowSource:
    """Rows as a table inside one statement: select `columns` from `of`."""

    of: FromClause
    columns: Mapping[str, ColumnElement[Any]]

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        """The column of that name."""
        return self.columns[name]


class Rows:
    """The shape of rows that a statement takes. Build the statement once a dialect; give `parameters` at each run."""

    def __init__(self, types: Mapping[str, TypeEngine[Any]], parameter: str = "rows") -> None:
        """Args: `types` the columns; `parameter` the bound value's name, its own for each shape in a statement."""
        self._parameter = parameter
        # SQLAlchemy names columns by a subclass of str, which orjson does not take for a key.
        self._types = {"".join(name): kind for name, kind in types.items()}
        self._instants = [name for name, kind in self._types.items() if isinstance(kind, Instant)]
        self._blobs = [name for name, kind in self._types.items() if isinstance(kind, LargeBinary)]
        self._plain = [name for name in self._types if name not in self._blobs]

    def source(self, dialect: str) -> RowSource:
        """The rows as something to select from."""
        plain: dict[str, TypeEngine[Any]] = {}
        for name, kind in self._types.items():
            if name in self._blobs:
                plain |= {f"{name}_at": Integer(), f"{name}_size": Integer()}
            else:
                plain[name] = BigInteger() if isinstance(kind, Instant) else kind
        taken = self._in_sqlite(plain) if dialect == SQLITE else self._in_postgresql(plain)
        whole = bindparam(f"{self._parameter}_blob", type_=LargeBinary())
        columns = {
            name: func.substr(whole, taken[f"{name}_at"], taken[f"{name}_size"], type_=LargeBinary())
            if name in self._blobs
            else taken[name]
            for name in self._types
        }
        return RowSource(taken.of, columns)

    def parameters(self, rows: Iterable[Values]) -> dict[str, Any]:
        """What to bind for these rows. Times are aware datetimes, binary values bytes or None."""
        plain: list[dict[str, Any]] = []
        pieces: list[bytes] = []
        at = 1
        for row in rows:
            made = {name: row[name] for name in self._plain}
            for name in self._instants:
                if made[name] is not None:
                    made[name] = micros(made[name])
            for name in self._blobs:
                piece: bytes | None = row[name]
                if piece is not None:
                    made |= {f"{name}_at": at, f"{name}_size": len(piece)}
                    pieces.append(piece)
                    at += len(piece)
            plain.append(made)
        bound: dict[str, Any] = {self._parameter: orjson.dumps(plain).decode()}
        if self._blobs:
            bound[f"{self._parameter}_blob"] = b"".join(pieces)
        return bound

    def _in_sqlite(self, types: Mapping[str, TypeEngine[Any]]) -> RowSource:
        given = bindparam(self._parameter, type_=Text())
        each = func.json_each(given).table_valued("key", "value", name=f"{self._parameter}_each")
        return RowSource(
            each,
            {
                name: func.json_extract(each.c.value, literal_column(f"'$.{name}'"), type_=kind)
                for name, kind in types.items()
            },
        )

    def _in_postgresql(self, types: Mapping[str, TypeEngine[Any]]) -> RowSource:
        given = cast(bindparam(self._parameter, type_=Text()), postgresql.JSON())
        each = (
            func.json_to_recordset(given)
            .table_valued(*(column(name, kind) for name, kind in types.items()))
            .render_derived(name=f"{self._parameter}_each", with_types=True)
        )
        return RowSource(each, {name: each.c[name] for name in types})


def insert_rows(dialect: str, table: Table, rows: Rows) -> Upsert:
    """`INSERT INTO table (the rows' columns) SELECT … FROM rows`; add what to do on a conflict."""
    source = rows.source(dialect)
    # SQLite reads ON CONFLICT after a bare FROM as a join constraint; a WHERE keeps them apart.
    chosen = select(*source.columns.values()).select_from(source.of).where(text("1 = 1"))
    return upsert(dialect, table).from_select(list(source.columns), chosen)


def types_of(table: Table, *left_out: str) -> dict[str, TypeEngine[Any]]:
    """A table's columns as a shape of rows."""
    return {name: made.type for name, made in table.columns.items() if name not in left_out}
