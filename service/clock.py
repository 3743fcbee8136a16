"""The machine's clock."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Fits `consumers.ports.Clock`."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
