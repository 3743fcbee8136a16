"""Opening the trail, embedded or on PostgreSQL."""

from functools import cached_property

from sqlalchemy.exc import OperationalError

from consumers.ports import Clock
from service.sealing import KeyRing
from service.trail import engines, owner_lock, schema
from service.trail.door import Door
from service.trail.ports import Intake, RutterCalls, Work


class TrailUnavailableError(Exception):
    """The trail cannot be opened or reached; the message is one line for people, with the cure."""


class Trail(Door):
    """An open trail, with what the consumers ask of it."""

    @cached_property
    def work(self) -> Work:
        """As the posting loop uses it."""
        return Work(self)

    @cached_property
    def intake(self) -> Intake:
        """As intake uses it."""
        return Intake(self)

    @cached_property
    def fallback(self) -> Intake:
        """As intake uses it for what Kafka did not take: it is relayed later."""
        return Intake(self, relays=True)

    @cached_property
    def callbacks(self) -> RutterCalls:
        """What Rutter's own webhooks move."""
        return RutterCalls(self)


def open_trail(where: str, keys: KeyRing, clock: Clock, *, migrate: bool | None = None, visitor: bool = False) -> Trail:
    """Open the trail in a file of SQLite (a path, or `:memory:`) or in PostgreSQL (a URL).

    `migrate` brings the schema up to date first; by default for SQLite, whose only owner we are. A `visitor` comes
    beside the owner, to look or to change a little (one command): it takes no ownership and never migrates by itself.

    Raises:
        TrailUnavailableError: another process owns the file, or the schema is not what this version needs.
    """
    if engines.is_postgresql(where):
        return _checked(_in_postgresql(where, keys, clock), migrate=bool(migrate))
    path = engines.sqlite_path(where)
    lock = None
    if path is not None and visitor and not path.exists():
        raise TrailUnavailableError(f"there is no trail at {path} yet: `ledgerhook up` makes it, or name --data-dir")
    if path is not None and not visitor:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = owner_lock.own(path)
        if lock is None:
            raise TrailUnavailableError(
                f"{path} is in use by another process: stop that one first, or give this one another --data-dir"
            )
    engine = engines.sqlite_engine(path, "write")
    reader = engine if path is None else engines.sqlite_engine(path, "read")
    trail = Trail(engine=engine, reader=reader, keys=keys, clock=clock, lock=lock)
    return _checked(trail, migrate=not visitor if migrate is None else migrate)


def _in_postgresql(where: str, keys: KeyRing, clock: Clock) -> Trail:
    engine = engines.postgresql_engine(where)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Trail(engine=engine, reader=reader, keys=keys, clock=clock, lock=None)


def _checked(trail: Trail, *, migrate: bool) -> Trail:
    try:
        if migrate and schema.version(trail.engine) != schema.HEAD:
            schema.migrate(trail.engine)
        problem = schema.problem(trail.engine)
    except OperationalError as error:
        trail.shut()
        raise TrailUnavailableError(
            f"the trail's database cannot be reached: {str(error.orig).splitlines()[0]}"
        ) from None
    if problem is not None:
        trail.shut()
        raise TrailUnavailableError(problem)
    return trail
