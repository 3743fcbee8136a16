"""Sources as the listener knows them while the trail comes and goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.sources import Source
from service.web.sources import UNREAD, Sources
from tests.web.kept import Kept
from tests.web.told import SHOP


@dataclass
class Moody(Kept):
    """A trail whose sources can be read or not."""

    readable: bool = True
    readings: int = 0

    async def sources(self) -> Sequence[Source]:
        self.readings += 1
        if not self.readable:
            raise ConnectionRefusedError
        return await super().sources()


def moody(kept: Kept, *, readable: bool = True) -> Moody:
    return Moody(kept.trail, kept.known, readable=readable)


async def test_before_they_were_ever_read_nothing_can_be_told(kept: Kept) -> None:
    assert await Sources(moody(kept, readable=False)).named("acme-shop") == UNREAD


async def test_what_was_read_stays_good_while_they_cannot_be_read(kept: Kept) -> None:
    trail = moody(kept)
    sources = Sources(trail, ask_seconds=0.0)
    await sources.refresh()
    trail.readable = False

    assert await sources.named("acme-shop") == SHOP
    assert await sources.named("new") == UNREAD
    trail.readable = True
    assert await sources.named("new") is None


async def test_a_scan_of_made_up_names_does_not_reach_the_trail_each_time(kept: Kept) -> None:
    trail = moody(kept)
    sources = Sources(trail, ask_seconds=0.2)
    await sources.refresh()

    for name in ("a", "b", "c"):
        assert await sources.named(name) is None

    assert trail.readings <= 4


async def test_a_name_that_settings_give_cannot_be_taken(kept: Kept) -> None:
    ours = Source(name="acme-shop", kind="rutter", connection="rutter", namespace="rutter", secrets=("s",))

    assert await Sources(moody(kept), always=[ours]).named("acme-shop") == ours
