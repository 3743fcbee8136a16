"""The API's answers about what is ahead: when what waits will be in, and which pairs wait for a person."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from service.console.answering import says
from service.console.desk import AdminDesk
from service.console.forms import asked
from service.trail import doubts
from service.trail.forecast import forecasts

Answer = Callable[[Request], Awaitable[Response]]


class ForecastApi:
    """`reads`: path -> answer."""

    def __init__(self, desk: AdminDesk) -> None:
        """One for an app."""
        self._desk = desk
        self.reads: Final[Mapping[str, Answer]] = {"/api/forecast": self.forecast, "/api/doubts": self.doubts}

    async def forecast(self, _: Request) -> Response:
        """`GET /api/forecast`."""
        now = self._desk.now()
        found = await self._desk.trail.read(lambda c: forecasts(c, now))
        return says([{"connection": alias, **asdict(one)} for alias, one in sorted(found.items())])

    async def doubts(self, request: Request) -> Response:
        """`GET /api/doubts`."""
        alias = asked(request, "connection")
        found = await self._desk.trail.read(lambda c: doubts.waiting(c, alias))
        return says([{"connection": one.connection, "found_at": one.found_at, **_shown(one.pair)} for one in found])


def _shown(pair: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in pair.items() if name != "link"}
