"""A connection's life over HTTP against the sandbox: linked, waiting, ready, broken, restored; nothing is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from schemas.connections import ConnectionState
from schemas.deliveries import ConnectionMoved
from service.clock import SystemClock
from service.connecting.hearing import AGAIN, STALE, Hearing
from service.connecting.linking import Linked, Linking, NotLinked
from service.connecting.wanted import Wanted, read_wanted
from service.rutter.connections import Connections
from service.trail import connection_moves, connections, hearing
from service.trail.tables import connections as rows
from service.trail.tables import outbox
from tests.posting.rig import Rig, order, rig

ACME = "acme"


@dataclass
class Life:
    """`rig` has the connection `acme`, ready and posting."""

    rig: Rig
    hearing: Hearing
    linking: Linking

    async def state(self, alias: str = ACME) -> tuple[str, str | None]:
        row = await self._row(alias)
        return row.state, row.state_reason

    async def link_url(self, alias: str = ACME) -> str | None:
        url: str | None = (await self._row(alias)).link_url
        return url

    async def rutter(self, state: str, **more: Any) -> None:
        """What happens at Rutter; its callback is lost."""
        asked = {"connection_id": self.rig.company, "state": state, **more}
        assert (await self.rig.http.post("/_sandbox/connections/state", json=asked)).status_code == 200

    async def told(self) -> list[str]:
        rows = await self.rig.trail.read(lambda c: c.execute(outbox.select().order_by(outbox.c.seq)).all())
        return [orjson.loads(row.value)["type"] for row in rows if row.topic == "ledgerhook.connections"]

    async def _row(self, alias: str) -> Any:

        return await self.rig.trail.read(lambda c: c.execute(rows.select().where(rows.c.alias == alias)).one())


@asynccontextmanager
async def life(directory: Path) -> AsyncIterator[Life]:
    async with rig(directory) as r:
        api = Connections(r.posting.transport, SystemClock())
        heard = Hearing(api, r.trail)
        yield Life(r, heard, Linking(api, r.trail, heard))


def wanted(alias: str = "bakery", **also: Any) -> Wanted:
    read = read_wanted({"alias": alias, "time_zone": "Europe/Vienna", **also})
    assert isinstance(read, Wanted), read
    return read


async def test_a_lost_callback_heals_and_what_came_meanwhile_goes_on(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        await at.rutter("needs_update")
        assert await at.hearing.ask_all()
        assert await at.state() == ("needs_update", None)
        assert await at.link_url() == f"{at.rig.sandbox.url}/_sandbox/link/{at.rig.company}"

        await at.rig.tell(order("1001"))
        assert await at.rig.books("invoice") == []
        assert (await at.rig.counts()).due == 1
        await at.rutter("active")
        await at.hearing.ask_all()
        assert await at.state() == ("ready", None)
        await at.rig.settle()
        assert len(await at.rig.books("invoice")) == 1
        assert await at.told() == ["connection.needs_update", "connection.ready"]


async def test_disabled_says_why_and_posts_nothing(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        await at.rutter("disabled", reason="CERT_EXPIRED")
        await at.hearing.ask_all()
        assert await at.state() == ("disabled", "CERT_EXPIRED")
        await at.rig.tell(order("1001"))
        assert (await at.rig.counts()).due == 1
        await at.rutter("active")
        await at.hearing.ask_all()
        await at.rig.settle()
        assert len(await at.rig.books("invoice")) == 1


async def test_a_pause_stands_over_what_is_heard(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        await at.rig.trail.work.move_connection(ACME, ConnectionState.PAUSED, "by hand")
        await at.rutter("disabled", reason="CERT_EXPIRED")
        await at.hearing.ask_all()
        assert await at.state() == ("paused", "by hand")
        [standing] = await at.rig.trail.read(connections.standings)
        assert (standing.told_state, standing.told_reason) == ("disabled", "CERT_EXPIRED")


async def test_one_that_rutter_no_longer_knows_is_disabled(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        settings = at.rig.sandbox.settings
        gone = await at.rig.http.delete(
            f"/versioned/connections/{at.rig.company}",
            auth=(settings.client_id, settings.client_secret),
            headers={"x-rutter-version": "2024-08-31"},
        )
        assert gone.status_code == 200
        await at.hearing.ask_all()
        assert await at.state() == ("disabled", "Rutter does not know it any more: it was removed there")


async def test_without_an_answer_nothing_moves(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        await at.rutter("needs_update")
        await at.rig.fault(kind="error_before", endpoint="/connections", times=None)
        assert not await at.hearing.ask_all()
        assert await at.state() == ("ready", None)


async def test_who_is_not_ready_is_asked_about_sooner(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        await at.hearing.ask_all()

        async def is_time(minutes: float) -> bool:
            at.rig.clock.leap(minutes=minutes)
            now = at.rig.clock.now()
            return await at.rig.trail.read(lambda c: hearing.is_time(c, hearing.Ages(now - AGAIN, now - STALE)))

        assert [await is_time(2), await is_time(15)] == [False, True]
        await at.rutter("needs_update")
        await at.hearing.ask_all()
        assert await is_time(2)


async def test_a_link_to_send_waits_for_its_owner(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        made = await at.linking.send(wanted())
        assert isinstance(made, Linked)
        assert (made.alias, made.state) == ("bakery", "waiting")
        assert made.link_url is not None
        assert await at.linking.send(wanted()) == made  # asked again: the same link, and no second connection
        assert isinstance(await at.linking.send(wanted(platform="xero", alias="florist")), Linked)

        assert (await at.rig.http.post(made.link_url, data={"platform": "netsuite"})).status_code == 200
        await at.hearing.ask_all()
        found = {one.connection.alias: one.connection for one in await at.rig.trail.read(connections.standings)}
        assert (found["bakery"].state, found["bakery"].platform) == (ConnectionState.READY, "NETSUITE")
        assert found["bakery"].home_currency == "USD"
        assert (found["florist"].state, found["florist"].platform) == (ConnectionState.WAITING, "XERO")


async def test_a_platform_that_its_owner_chose_is_asked_for_at_once(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        made = await at.linking.send(wanted())
        assert isinstance(made, Linked)
        assert made.link_url is not None
        await at.hearing.ask_all()

        async def is_time() -> bool:
            now = at.rig.clock.now()
            return await at.rig.trail.read(lambda c: hearing.is_time(c, hearing.Ages(now - AGAIN, now - STALE)))

        assert not await is_time()
        assert (await at.rig.http.post(made.link_url, data={"platform": "netsuite"})).status_code == 200
        ready = ConnectionMoved(rutter_connection_id=made.rutter_id, move="ready")
        await at.rig.trail.run(lambda c: connection_moves.moved_by_rutter(c, ready, at.rig.clock.now()))
        assert await is_time()
        await at.hearing.ask_all()
        assert not await is_time()


async def test_what_is_linked_elsewhere_can_be_declared(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        company = (await at.rig.http.post("/_sandbox/connections", json={"platform": "XERO", "name": "Florist"})).json()
        await at.rig.http.post("/_sandbox/connections", json={"platform": "SHOPIFY"})
        listed = await at.linking.undeclared()
        assert not isinstance(listed, NotLinked)
        assert [(one.id, one.name) for one in listed] == [(company["connection_id"], "Florist")]

        adopted = await at.linking.adopt(company["connection_id"], wanted("florist"))
        assert isinstance(adopted, Linked)
        assert adopted.state == "ready"
        assert await at.linking.undeclared() == ()
        sealed = await at.rig.trail.read(lambda c: connections.connection(c, at.rig.trail.keys, "florist"))
        assert sealed is not None
        assert sealed.access_token == company["access_token"]


async def test_a_taken_alias_costs_no_public_token(tmp_path: Path) -> None:
    async with life(tmp_path) as at:
        await at.rig.http.post("/_sandbox/switches", json={"public_token_once": True})
        company = (await at.rig.http.post("/_sandbox/connections", json={"platform": "XERO"})).json()
        refused = await at.linking.take(company["public_token"], wanted(ACME))
        assert refused == NotLinked("acme is connected already: choose another alias")
        assert isinstance(await at.linking.take(company["public_token"], wanted("florist")), Linked)
        again = await at.linking.take(company["public_token"], wanted("third"))
        assert isinstance(again, NotLinked)
        assert "did not exchange" in again.reason


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"alias": "Acme Inc", "time_zone": "UTC"}, "alias: must be"),
        ({"alias": "acme", "time_zone": "Mars/Olympus"}, "time zone: no time zone"),
        ({"alias": "acme", "time_zone": "UTC", "platform": "abacus"}, "platform: no platform that is known here"),
        ({"time_zone": "UTC"}, "alias: "),
    ],
)
def test_what_is_wrong_is_said(fields: dict[str, str], says: str) -> None:
    told = read_wanted(fields)
    assert isinstance(told, str)
    assert told.startswith(says)
