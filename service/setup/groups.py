"""All screens of setting a connection up, in order."""

from collections.abc import Mapping
from types import MappingProxyType

from schemas.connections import Connection
from schemas.platforms.registry import platform
from service.setup.accounts import accounts
from service.setup.items import items
from service.setup.rest import documents, policies
from service.setup.shelf import Setting, Shelf
from service.setup.slot import Group, Slot, Value


def groups(
    connection: Connection, shelf: Shelf, chosen: Mapping[str, Value] = MappingProxyType({})
) -> tuple[Group, ...]:
    """Accounts, items and customers, documents, decisions. `chosen`: what was answered already, on which items that
    are made are booked."""
    at = Setting(connection=connection, shelf=shelf, platform=platform(connection.platform))
    first = accounts(at)
    said = {slot.key: slot.proposed for slot in first.slots} | dict(chosen)
    return first, items(at, said["income"], said["tax_liability"]), documents(at), policies(at)


def slots_of(of: tuple[Group, ...]) -> dict[str, Slot]:
    """Every slot by its key."""
    return {slot.key: slot for group in of for slot in group.slots}
