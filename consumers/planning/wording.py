"""How parked events speak to people: amounts in major units, and the line of the configuration file that cures."""

from collections.abc import Iterable

from schemas.connections import Connection
from schemas.money import major_units


def money(minor: int, currency: str) -> str:
    """`12.34 USD`; unlike Money it also says sums beyond any sensible document."""
    return f"{major_units(minor, currency)} {currency}"


def quoted(text: str) -> str:
    """A TOML basic string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table(connection: Connection, *path: str) -> str:
    """The head of a connection's table in the configuration file: `[connections.acme.items]`."""
    alias = quoted(connection.alias) if "." in connection.alias else connection.alias
    return f"[{'.'.join(('connections', alias, *path))}]"


def apply(connection: Connection, path: Iterable[str], line: str) -> str:
    """What to write where, and the commands that take it into use."""
    return f"write {line} under {table(connection, *path)}, then: ledgerhook apply FILE, ledgerhook release"


def listed(names: Iterable[str], most: int = 5) -> str:
    """`A, B and 3 more`."""
    all_names = list(names)
    if len(all_names) <= most:
        return ", ".join(all_names)
    return f"{', '.join(all_names[:most])} and {len(all_names) - most} more"
