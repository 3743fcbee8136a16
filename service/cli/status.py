"""`ledgerhook status`: webhook addresses, connections, sources, and what waits."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from rich.text import Text

from consumers.forecasting import in_words
from schemas.connections import ConnectionState
from service.cli.addresses import public_base, webhook
from service.cli.opening import AsJson, DataDir, settings_or_fail, visit
from service.cli.show import OUT, RED, YELLOW, ago, as_json, state, table
from service.trail.forecast import forecasts
from service.trail.overview import ConnectionSeen, Overview, overview

SINCE = timedelta(days=1)


def run(data_dir: DataDir = None, json: AsJson = False) -> None:
    """Show how things stand; deliveries are counted over the last day."""
    settings = settings_or_fail()
    base = public_base(settings)
    now = datetime.now(UTC)
    seen, ahead = visit(data_dir, lambda trail: trail.read(lambda c: (overview(c, now - SINCE), forecasts(c, now))))
    addresses = {source.name: webhook(base, source.name) for source in seen.sources if source.name is not None}
    if json:
        forecast = {alias: asdict(one) for alias, one in ahead.items()}
        as_json({**asdict(seen), "addresses": addresses, "forecast": forecast})
        return
    _show(seen, addresses, now)
    for alias, one in sorted(ahead.items()):
        OUT.print(f"{alias}: {in_words(one, now)}", markup=False)


def _show(seen: Overview, addresses: dict[str, str], now: datetime) -> None:
    table(
        "Connections",
        ["connection", "platform", "state", "posted", "due#", "held#", "parked#", "in doubt#", "done#"],
        [
            (
                one.alias,
                one.platform,
                state(one.state),
                ago(one.last_posted_at, now),
                one.counts.due,
                _marked(one.counts.held, YELLOW),
                _marked(one.counts.parked, RED),
                _marked(one.counts.in_doubt, YELLOW),
                one.counts.done,
            )
            for one in seen.connections
        ],
        empty="no connections yet: ledgerhook apply FILE",
    )
    for unknown in seen.undeclared:
        said = (
            f"events for the unknown connection {unknown.connection}: {unknown.waiting} waiting; declare it with apply"
        )
        OUT.print(Text(said, style=RED))
    OUT.print()
    table(
        "Sources (the last day)",
        ["source", "kind", "connection", "last delivery", "told#", "ignored#", "unreadable#", "address"],
        [
            (
                one.name or "(Kafka publishers)",
                one.kind,
                one.connection,
                ago(one.last_delivery_at, now),
                one.told,
                one.ignored,
                _marked(one.unread, RED),
                addresses.get(one.name or "", ""),
            )
            for one in seen.sources
        ],
        empty="no sources yet: ledgerhook apply FILE",
    )
    for one in seen.connections:
        for line in _why(one):
            OUT.print(Text(line, style=RED))
    if seen.counts.parked or seen.unreadable:
        OUT.print()
        OUT.print("what waits for a person: ledgerhook parked")


def _why(one: ConnectionSeen) -> list[str]:
    """Why it does not post; of a paused one also what is told of it meanwhile, and how it goes on."""
    link = f"; {one.link_url}" if one.link_url else ""
    if one.state != ConnectionState.PAUSED:
        return [f"{one.alias}: {one.reason}{link}"] if one.reason else []
    meanwhile = ""
    if one.told_state not in (None, ConnectionState.READY):
        told = (one.told_state or "").replace("_", " ")
        meanwhile = f"; meanwhile it is {told}{': ' + one.told_reason if one.told_reason else ''}{link}"
    reason = f" ({one.reason})" if one.reason else ""
    return [f"{one.alias}: paused{reason}{meanwhile}; ledgerhook resume {one.alias} lets it go on"]


def _marked(count: int, colour: str) -> Text:
    return Text(str(count), style=colour if count else "dim")
