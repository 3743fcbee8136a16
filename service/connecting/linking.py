"""Linking: from what Rutter Link or Rutter's list hands over to a connection declared here, its token sealed.

Everything that can be refused is refused before the public token is spent: it can be shown again with another alias.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection as DatabaseConnection

from schemas.connections import Connection
from service.connecting.hearing import Hearing
from service.connecting.links import safe_link
from service.connecting.wanted import LINK_NAMES, Wanted
from service.rutter.connections import Connections, Exchanged, Listed, Made, in_words
from service.trail import connections as in_trail
from service.trail.changes import Mismatch
from service.trail.database import Trail


@dataclass(frozen=True, slots=True)
class Linked:
    """Declared here. `link_url`: where its owner signs in, for one that was made to be sent."""

    alias: str
    rutter_id: str
    state: str
    link_url: str | None = None


@dataclass(frozen=True, slots=True)
class NotLinked:
    """One line that says why, and what would do. `spent`: Rutter has taken the public token already."""

    reason: str
    spent: bool = False


class Linking:
    """What the connect page, the API and the command line do."""

    def __init__(self, api: Connections, trail: Trail, hearing: Hearing) -> None:
        self._api = api
        self._trail = trail
        self._hearing = hearing

    async def take(self, public_token: str, wanted: Wanted) -> Linked | NotLinked:
        """Exchange Link's public token on the server, and declare what it stands for."""
        taken = await self._taken(wanted.alias)
        if taken is not None:
            return taken
        got = await self._api.exchange(public_token)
        if not isinstance(got, Exchanged):
            return NotLinked(f"Rutter did not exchange the token: {in_words(got)}")
        if got.platform in SHOPS:
            return NotLinked(_A_SHOP.format(rutter_id=got.connection_id), spent=True)
        made = wanted.connection(got.connection_id, got.access_token, got.platform, ready=got.is_ready)
        return await self._declared(made)

    async def send(self, wanted: Wanted) -> Linked | NotLinked:
        """Have Rutter make a link for the merchant (POST /connections/create), and declare it as waiting.

        Where the alias is known already, the link of that connection: its owner signs in again there.
        """
        known = await self.again(wanted.alias)
        if known is not None and known.link_url is not None:
            return known
        taken = await self._taken(wanted.alias)
        if taken is not None:
            return taken
        made = await self._api.create(LINK_NAMES[wanted.platform] if wanted.platform else None)
        if not isinstance(made, Made):
            also = "; leave the platform out, and the merchant chooses it" if wanted.platform else ""
            return NotLinked(f"Rutter did not make a link: {in_words(made)}{also}")
        if safe_link(made.link_url) is None:
            return NotLinked("Rutter answered with a link that is no https:// address")
        connection = wanted.connection(made.connection_id, made.access_token, None, ready=False)
        return await self._declared(connection, made.link_url)

    async def again(self, alias: str) -> Linked | None:
        """A connection that is declared, as it stands; None where there is none."""
        return await self._trail.read(lambda c: _standing(c, alias))

    async def undeclared(self) -> tuple[Listed, ...] | NotLinked:
        """What is linked at Rutter and not declared here: an exchange whose answer was lost, or another system's."""
        listed = await self._api.connections()
        if not isinstance(listed, tuple):
            return NotLinked(f"Rutter does not list its connections: {in_words(listed)}")
        known = {one.connection.rutter_id for one in await self._trail.read(in_trail.standings)}
        return tuple(one for one in listed if one.id not in known and one.platform not in SHOPS)

    async def adopt(self, rutter_id: str, wanted: Wanted) -> Linked | NotLinked:
        """Declare one of `undeclared`."""
        listed = await self._api.connections()
        if not isinstance(listed, tuple):
            return NotLinked(f"Rutter does not list its connections: {in_words(listed)}")
        found = next((one for one in listed if one.id == rutter_id), None)
        if found is None:
            return NotLinked("Rutter lists no connection of that id")
        if found.platform in SHOPS:
            return NotLinked(_A_SHOP.format(rutter_id=found.id))
        made = wanted.connection(found.id, found.access_token, found.platform, ready=found.status == "active")
        return await self._declared(made, found.link_url)

    async def _taken(self, alias: str) -> NotLinked | None:
        known = await self._trail.read(lambda c: _standing(c, alias))
        return None if known is None else NotLinked(f"{alias} is connected already: choose another alias")

    async def _declared(self, connection: Connection, link_url: str | None = None) -> Linked | NotLinked:
        """Declared, and asked after at once: what Rutter told of it before it was known here is lost."""
        now, keys = self._trail.clock.now(), self._trail.keys
        answer = await self._trail.run(lambda c: in_trail.declare(c, keys, connection, now))
        if isinstance(answer, Mismatch):
            return NotLinked(
                f"{answer.reason}; it is linked at Rutter, and can be taken from the list there", spent=True
            )
        await self._hearing.ask(connection, link_url)
        standing = await self._trail.read(lambda c: _standing(c, connection.alias))
        return standing or Linked(connection.alias, connection.rutter_id, connection.state.value, link_url)


SHOPS: Final = frozenset({"SHOPIFY", "WOOCOMMERCE", "AMAZON"})
"""Shops that Rutter reads: they have no books, and feed a connection as a source."""
_A_SHOP: Final = (
    "that is a shop, which has no books: declare it as a source of kind rutter, commerce_connection {rutter_id}"
)


def _standing(c: DatabaseConnection, alias: str) -> Linked | None:
    found = next((one for one in in_trail.standings(c) if one.connection.alias == alias), None)
    if found is None:
        return None
    connection = found.connection
    return Linked(alias, connection.rutter_id, connection.state.value, safe_link(found.link_url))
