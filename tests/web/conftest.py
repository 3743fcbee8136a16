"""The public listener on a real socket, over a real trail."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from schemas.sources import Source
from service.metrics import Metrics, new_metrics
from service.serving import listen, serving
from service.web.durable import TrailDoor
from service.web.intake import Intake
from service.web.public import create_public_app
from service.web.server import public_config
from service.web.sources import Sources
from tests.web.kept import KEYS, Kept, opened
from tests.web.told import SHOP

RUTTER = Source(name="rutter", kind="rutter", connection="rutter", namespace="rutter", secrets=("client-secret",))
STRIPE = Source(name="acme-stripe", kind="stripe", connection="acme", namespace="acme-shop", secrets=("whsec_test",))


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    trail = opened(tmp_path, [SHOP, STRIPE])
    yield trail
    await trail.close()


@pytest.fixture
def metrics() -> Metrics:
    return new_metrics()


@pytest.fixture
async def door(kept: Kept, metrics: Metrics) -> AsyncIterator[str]:
    """The listener's address."""
    durable = TrailDoor(kept)
    intake = Intake(Sources(kept, always=[RUTTER], ask_seconds=0.0), durable, kept, KEYS, metrics, answer_seconds=1.0)
    app = create_public_app(intake, body_seconds=0.3)
    listener = listen("127.0.0.1", 0, "LEDGERHOOK_PUBLIC_PORT")
    async with serving(public_config(app, "127.0.0.1", 0), listener):
        yield listener.url


@pytest.fixture
async def client(door: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=door, timeout=10) as made:
        yield made
