"""Which failures of the trail pass by themselves, and which stick to what was to be stored."""

from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

_ABOUT_THE_DATA: Final = (DataError, IntegrityError)


def passes(error: BaseException) -> bool:
    """Whether the same batch may be stored later: the database is down, full, locked, or not migrated.

    What the database says about the values, and bugs of ours that a value brings out, stay whatever is waited for.
    """
    if isinstance(error, _ABOUT_THE_DATA):
        return False
    if isinstance(error, DBAPIError):
        # sqlite3 says ProgrammingError when a value has a type it cannot hold; "no such table" is an OperationalError.
        return not (isinstance(error, ProgrammingError) and "binding" in str(error.orig).lower())
    return isinstance(error, (SQLAlchemyError, OSError, TimeoutError))
