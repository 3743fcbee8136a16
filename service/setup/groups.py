"""All screens of setting a connection up, in order."""

from schemas.connections import Connection
from schemas.platforms.registry import platform
from service.setup.accounts import accounts
from service.setup.items import items
from service.setup.rest import documents, policies
from service.setup.shelf import Setting, Shelf
from service.setup.slot import Group, Slot


def groups(connection: Connection, shelf: Shelf) -> tuple[Group, ...]:
    """Accounts, items and customers, documents, decisions."""
    at = Setting(connection=connection, shelf=shelf, platform=platform(connection.platform))
    first = accounts(at)
    proposed = {slot.key: slot.proposed for slot in first.slots}
    return first, items(at, proposed["income"], proposed["tax_liability"]), documents(at), policies(at)


def slots_of(of: tuple[Group, ...]) -> dict[str, Slot]:
    """Every slot by its key."""
    return {slot.key: slot for group in of for slot in group.slots}
