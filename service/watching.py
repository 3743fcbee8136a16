"""What a process does beside posting: asks how connections stand, notices what others change, connects new books."""

import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

from service.clock import SystemClock
from service.connecting.hearing import Hearing
from service.connecting.linking import Linking
from service.console.desk import LinkDesk
from service.metrics import Metrics
from service.noticing.reading_again import ReadingAgain
from service.noticing.watching import Watching
from service.posting import Posting
from service.rutter.connections import Connections
from service.rutter.settings import RutterSettings
from service.rutter.transport import Transport
from service.settings import Settings
from service.tasks import Tasks
from service.trail.database import Trail
from service.trail.turns import HEARING, NOTICING, Turn


def link_desk(stack: AsyncExitStack, trail: Trail, rutter: RutterSettings, settings: Settings) -> LinkDesk | None:
    """Connecting, for the console and the API; None while Rutter's credentials are not set."""
    if not rutter.client_id or not rutter.client_secret:
        return None
    transport = Transport(rutter)
    stack.push_async_callback(transport.close)
    api = Connections(transport, SystemClock())
    linking = Linking(api, trail, Hearing(api, trail))
    return LinkDesk(linking=linking, public_key=settings.rutter_public_key, url=settings.rutter_link_url)


def start_watching(
    tasks: Tasks, trail: Trail, posting: Posting, settings: Settings, *, metrics: Metrics
) -> Callable[[], Awaitable[None]]:
    """Begin the tasks of a worker; what ends them is answered. Cut short they lose nothing: it is due again."""
    chance = random.random
    hears, notices = Turn(trail, HEARING), Turn(trail, NOTICING)
    hearing = Hearing(Connections(posting.transport, SystemClock()), trail)
    watching = Watching(
        again=ReadingAgain(trail, posting.reading, metrics),
        lists=posting.lists,
        turn=notices,
        every=timedelta(minutes=settings.sweep_minutes) if settings.sweep_minutes else None,
        chance=chance,
    )
    tasks.start("hearing", lambda: hearing.for_ever(hears, chance))
    tasks.start("noticing", watching.for_ever)

    async def end() -> None:
        for name in ("hearing", "noticing"):
            await tasks.finish(name, 0)
        await hears.close()
        await notices.close()

    return end
