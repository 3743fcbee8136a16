"""Time as the sandbox writes it. The clock itself comes in as an argument."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """`2023-01-02T02:34:56.000Z`, Rutter's way of writing a time."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def milliseconds(moment: datetime) -> int:
    """Unix milliseconds, the unit of Rutter's time filters."""
    return round(moment.timestamp() * 1000)
