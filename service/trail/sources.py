"""Sources as configured."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select, update

from consumers.requests import NAMESPACE
from schemas.sources import Source
from service.sealing import KeyRing
from service.trail.bulk import upsert
from service.trail.changes import Change, Declared, Mismatch, changes
from service.trail.tables import connections, namespaces, sources

_SECRETS: Final = "secrets_sealed"


def bound(name: str) -> str:
    """What a source's secrets are sealed for."""
    return f"sources/{name}/secrets"


def all_sources(c: Connection, keys: KeyRing) -> Sequence[Source]:
    """All sources by name, their secrets opened."""
    return [_source(row, keys) for row in c.execute(select(sources).order_by(sources.c.name))]


def declare(c: Connection, keys: KeyRing, wanted: Source, now: datetime) -> Declared | Mismatch:
    """Add the source, or change what differs. It never moves to another connection or namespace.

    No `secrets` keeps the ones there are.
    """
    known = c.execute(select(connections.c.alias).where(connections.c.alias == wanted.connection)).first()
    if known is None:
        return Mismatch(f"source {wanted.name}: there is no connection {wanted.connection}; declare that first")
    if NAMESPACE in (wanted.name, wanted.namespace):
        return Mismatch(f"source {wanted.name}: {NAMESPACE}, as a name or namespace, is our own; use another")
    owner = _owner(c, wanted)
    if owner != wanted.connection:
        return Mismatch(
            f"source {wanted.name}: the namespace {wanted.namespace} belongs to the connection {owner}; use another"
        )
    values = _columns(wanted)
    sealed = _sealed(keys, wanted) if wanted.secrets else None
    fresh = {**values, _SECRETS: sealed, "created_at": now, "updated_at": now}
    added = c.execute(
        upsert(c.dialect.name, sources).values(fresh).on_conflict_do_nothing().returning(sources.c.name)
    ).first()
    if added is not None:
        return Declared("source", wanted.name, created=True)
    return _change(c, keys, wanted, values, now)


def _owner(c: Connection, wanted: Source) -> str:
    c.execute(
        upsert(c.dialect.name, namespaces)
        .values(namespace=wanted.namespace, connection=wanted.connection)
        .on_conflict_do_nothing()
    )
    chosen = select(namespaces.c.connection).where(namespaces.c.namespace == wanted.namespace)
    owner: str = c.execute(chosen).scalar_one()
    return owner


def _change(c: Connection, keys: KeyRing, wanted: Source, values: dict[str, Any], now: datetime) -> Declared | Mismatch:
    row = c.execute(select(sources).where(sources.c.name == wanted.name).with_for_update()).one()
    if (row.connection, row.namespace) != (wanted.connection, wanted.namespace):
        return Mismatch(
            f"source {wanted.name}: feeds {row.connection} in the namespace {row.namespace} for good; "
            "declare a source of another name"
        )
    changed = changes(row, values)
    if wanted.secrets and wanted.secrets != _opened(row, keys):
        values[_SECRETS] = _sealed(keys, wanted)
        changed = (*changed, Change("secrets", None, None))
    if changed:
        c.execute(update(sources).where(sources.c.name == wanted.name).values(**values, updated_at=now))
    return Declared("source", wanted.name, created=False, changes=changed)


def _columns(wanted: Source) -> dict[str, Any]:
    options: dict[str, Any] = {
        "tolerance_seconds": wanted.tolerance_seconds,
        "exponents": wanted.exponents,
        "order_reference": wanted.order_reference,
        "auth": wanted.auth,
    }
    if wanted.commerce_connection is not None:  # rows of earlier versions do not have it, and have not changed
        options["commerce_connection"] = wanted.commerce_connection
    return {
        "name": wanted.name,
        "kind": wanted.kind,
        "connection": wanted.connection,
        "namespace": wanted.namespace,
        "tells": orjson.dumps(sorted(wanted.tells)).decode(),
        "options": orjson.dumps(options, option=orjson.OPT_SORT_KEYS).decode(),
    }


def _sealed(keys: KeyRing, wanted: Source) -> bytes:
    return keys.seal(orjson.dumps(wanted.secrets), bound(wanted.name))


def _opened(row: Any, keys: KeyRing) -> tuple[str, ...]:  # noqa: ANN401 (a row of `sources`)
    if row.secrets_sealed is None:
        return ()
    return tuple(orjson.loads(keys.open(bytes(row.secrets_sealed), bound(row.name))))


def _source(row: Any, keys: KeyRing) -> Source:  # noqa: ANN401 (as in _opened)
    options: dict[str, Any] = orjson.loads(row.options)
    return Source(
        name=row.name,
        kind=row.kind,
        connection=row.connection,
        namespace=row.namespace,
        tells=frozenset(orjson.loads(row.tells)),
        secrets=_opened(row, keys),
        tolerance_seconds=options["tolerance_seconds"],
        exponents=tuple((code, decimals) for code, decimals in options["exponents"]),
        order_reference=options["order_reference"],
        commerce_connection=options.get("commerce_connection"),
        auth=options["auth"],
    )
