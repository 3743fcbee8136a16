"""Files that are kept with invoices: each content once a connection, sealed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from schemas.books import KeptFile
from service.sealing import KeyRing
from service.trail.bulk import upsert
from service.trail.file_tables import fetches, files

_DIGEST: Final = 64
"""Characters of a SHA-256: the end of the natural key of a file that was given."""


def bound(id_: str) -> str:
    """What a file is sealed for."""
    return f"file:{id_}"


def keep(c: Connection, connection: str, file: KeptFile, sealed: bytes, *, url: str | None, now: datetime) -> None:
    """Keep a file, `sealed` by `seal`; one that is there stays as it is."""
    c.execute(
        upsert(c.dialect.name, files)
        .values(
            id=_id(connection, file.digest),
            connection=connection,
            digest=file.digest,
            size=file.size,
            content_type=file.content_type,
            sealed=sealed,
            fetched_at=now,
            url=url,
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )


def seal(keys: KeyRing, connection: str, digest: str, content: bytes) -> bytes:
    """The content as it is kept."""
    return keys.seal(content, bound(_id(connection, digest)))


def fetched(c: Connection, connection: str, namespace: str, key: str, digest: str, *, now: datetime) -> None:
    """The fact of that key means this file, for good."""
    c.execute(
        upsert(c.dialect.name, fetches)
        .values(connection=connection, namespace=namespace, key=key, digest=digest, at=now)
        .on_conflict_do_nothing(index_elements=["connection", "namespace", "key"])
    )


def kept(c: Connection, connection: str, namespace: str, keys: Collection[str]) -> Mapping[str, KeptFile]:
    """The files of these facts, by natural key: what was fetched for them, else what has the digest they name."""
    if not keys:
        return {}
    rows = c.execute(
        select(fetches.c.key, fetches.c.digest)
        .where(fetches.c.connection == connection, fetches.c.namespace == namespace)
        .where(fetches.c.key.in_(sorted(keys)))
    )
    digests = {key: key[-_DIGEST:] for key in keys} | {row.key: row.digest for row in rows}
    found = c.execute(
        select(files.c.digest, files.c.size, files.c.content_type).where(
            files.c.id.in_(sorted({_id(connection, digest) for digest in digests.values()}))
        )
    )
    by_digest = {row.digest: KeptFile(digest=row.digest, size=row.size, content_type=row.content_type) for row in found}
    return {key: by_digest[digest] for key, digest in digests.items() if digest in by_digest}


def content(c: Connection, keys: KeyRing, connection: str, digest: str) -> bytes | None:
    """The bytes of a file; None where none is kept.

    Raises:
        SealError: it does not open with any of the keys.
    """
    id_ = _id(connection, digest)
    sealed = c.execute(select(files.c.sealed).where(files.c.id == id_)).scalar_one_or_none()
    return None if sealed is None else keys.open(bytes(sealed), bound(id_))


def _id(connection: str, digest: str) -> str:
    return f"{connection}:{digest}"
