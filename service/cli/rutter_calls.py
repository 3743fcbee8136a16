"""What commands that ask Rutter themselves begin with: the trail opened beside the service, and Rutter's address."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from service.cli.opening import installation_or_fail, settings_or_fail, visited
from service.cli.show import fail
from service.running import rutter_settings
from service.rutter.transport import Transport
from service.trail.database import Trail

T = TypeVar("T")


def ask_rutter(data_dir: Path | None, ask: Callable[[Trail, Transport], Awaitable[T]]) -> T:
    """Run `ask`; ends the command with one line where Rutter's credentials are not set."""
    settings = settings_or_fail(data_dir=data_dir)
    if not settings.rutter_client_id or settings.rutter_client_secret is None:
        fail("Rutter's credentials are not set: LEDGERHOOK_RUTTER_CLIENT_ID and LEDGERHOOK_RUTTER_CLIENT_SECRET")
    here = installation_or_fail(settings)

    async def asking() -> T:
        trail, transport = visited(here), Transport(rutter_settings(settings))
        try:
            return await ask(trail, transport)
        finally:
            await transport.close()
            await trail.close()

    return asyncio.run(asking())
