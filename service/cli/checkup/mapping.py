"""A connection's mapping: what is not mapped yet, what its platform cannot do, and whether every name in it is in the
merchant's books."""

from schemas.connections import Connection
from schemas.mapping import EVERYTHING
from schemas.platforms.registry import platform
from service.cli.checkup.finding import Finding, good, note, skipped, wrong
from service.configuration.fault import Fault
from service.configuration.in_the_books import faults
from service.configuration.named_things import named_things
from service.configuration.reading_lists import refresh
from service.configuration.unfit import unfit
from service.rutter.transport import Transport
from service.trail.database import Trail


def gaps(connection: Connection) -> list[Finding]:
    """What is not mapped: needing it parks. And what is, and cannot be."""
    mapping, items = connection.mapping, connection.mapping.items
    missing = [
        name
        for name, value in (
            ("refund_policy", mapping.policies.refund),
            ("items.fallback", items.fallback),
            ("items.shipping", items.shipping),
            ("items.tip", items.tip),
            ("items.discount", items.discount),
            ("cash_customer", mapping.cash_customer),
        )
        if value is None
    ]
    if not any(row.when == EVERYTHING for row in mapping.clearing):
        missing.append("a clearing account for every other gateway")
    found = [_wrong(connection, fault) for fault in unfit(mapping, platform(connection.platform))]
    if missing:
        says = f"not mapped: {', '.join(missing)}; what needs it will park"
        cure = f"`ledgerhook setup {connection.alias}` goes through it, or add it to the configuration file"
        found.insert(0, note(f"connection {connection.alias}", says, cure))
    return found


def _wrong(connection: Connection, fault: Fault) -> Finding:
    return wrong(f"mapping of {connection.alias}", f"{fault.where}: {fault.says}", fault.cure)


async def mapping(trail: Trail, transport: Transport, connection: Connection) -> list[Finding]:
    """Whether the books have what the mapping names."""
    what = f"mapping of {connection.alias}"
    wanted = named_things(connection.mapping)
    lists = frozenset(one.object for one in wanted)
    failed = await refresh(trail, transport, connection, lists)
    if failed is not None:
        return [skipped(what, f"not compared with the books: {failed}")]
    found = await trail.read(lambda c: faults(c, connection.alias, wanted, lists))
    if found:
        return [_wrong(connection, fault) for fault in found]
    return [good(what, f"{len(wanted)} names, all in the books")]
