"""How many calls a connection may make: the platform's own bound, lowered by what is declared for the connection.

Counted are writes: reads are served from Rutter's copy and do not reach the platform (Rutter: Rate limiting).
"""

from dataclasses import dataclass
from typing import Final

from schemas.connections import DEFAULT_PER_MINUTE, Connection
from schemas.platforms.registry import platform

BURST_SHARE: Final = 20
"""A burst takes at most one in so many of a platform's minute, and the even pace after it leaves room for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`per_minute` evenly spaced after a burst of `burst`: never more than the platform's bound in any minute.

    `per_day` None: no bound known. `by_platform`: the platform's bound is what counts for the minute.
    """

    per_minute: int
    burst: int
    per_day: int | None
    by_platform: bool


def allowance(connection: Connection) -> Allowance:
    """What the connection may ask for.

    Whoever declares more calls a minute than the default says that the published bounds are not theirs (an agreement
    with the platform, a rehearsal): then only what is declared counts.
    """
    quota = platform(connection.platform).quota
    declared, per_day = connection.calls_per_minute, connection.calls_per_day
    if declared > DEFAULT_PER_MINUTE:
        return Allowance(
            per_minute=declared, burst=min(connection.in_flight, declared), per_day=per_day, by_platform=False
        )
    days = [bound for bound in (per_day, quota.per_day) if bound is not None]
    burst, pace = min(connection.in_flight, declared), declared
    if quota.per_minute is not None:
        burst = max(1, min(burst, quota.per_minute // BURST_SHARE))
        pace = max(1, min(declared, quota.per_minute - burst + 1))
    return Allowance(per_minute=pace, burst=burst, per_day=min(days, default=None), by_platform=pace < declared)
