"""Readiness that tells the truth: named checks, all of them asked at once, each within a bound of time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, literal, select

from service.console.desk import Check, TrailDoor
from service.trail import schema

SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Readiness:
    """Check -> None while it holds, else what is wrong."""

    checks: Mapping[str, str | None]

    @property
    def ready(self) -> bool:
        """Whether all hold."""
        return all(problem is None for problem in self.checks.values())


async def readiness(checks: Mapping[str, Check], seconds: float = SECONDS) -> Readiness:
    """Ask every check; one that does not answer in time, or fails, does not hold."""
    answers = await asyncio.gather(*(_ask(check, seconds) for check in checks.values()))
    return Readiness(dict(zip(checks, answers, strict=True)))


async def _ask(check: Check, seconds: float) -> str | None:
    try:
        return await asyncio.wait_for(check(), seconds)
    except TimeoutError:
        return f"no answer within {seconds:g} s"
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the check, the answer is that it does not hold
        return f"cannot be checked ({type(error).__name__})"


def trail_answers(trail: TrailDoor) -> Check:
    """The trail's database answers."""

    async def check() -> str | None:
        await trail.read(lambda c: c.execute(select(literal(1))).scalar_one())
        return None

    return check


def schema_at_head(engine: Engine) -> Check:
    """The schema is what this version needs, its unique indexes are there and valid."""

    async def check() -> str | None:
        return await asyncio.to_thread(schema.problem, engine)

    return check


def recent(what: str, last: Callable[[], datetime | None], within: timedelta, now: Callable[[], datetime]) -> Check:
    """Something that beats: the posting loop's last turn, the last sweep, the consumer's last poll."""

    async def check() -> str | None:
        at = last()
        if at is None:
            return f"{what} has not run yet"
        age = now() - at
        return None if age <= within else f"{what} last ran {age.total_seconds():.0f} s ago"

    return check


def holds(problem: Callable[[], str | None] | Callable[[], Awaitable[str | None]]) -> Check:
    """A condition that somebody else can tell at once."""

    async def check() -> str | None:
        said = problem()
        return said if said is None or isinstance(said, str) else await said

    return check
