"""Lists and the life of a connection against the sandbox, over real HTTP."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from schemas.books import Entry
from schemas.connections import Connection
from schemas.outcomes import DeferReason, Deferred, Rejected, Unknown
from schemas.writes import StoredWrite
from service.clock import SystemClock
from service.rutter.connections import CompanyInfo, Connections, Exchanged, Standing
from service.rutter.lists import RutterLists, entry_of
from tests.rutter.rehearsal import Rehearsal, customer


@dataclass
class Kept:
    """An entry store in memory."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    kept: dict[str, tuple[datetime, datetime | None]] = field(default_factory=dict)
    puts: int = 0

    async def marks(self, alias: str) -> Mapping[str, tuple[datetime, datetime | None]]:
        assert alias == "acme"
        return dict(self.kept)

    async def put_entries(
        self, alias: str, object_: str, entries: Sequence[Entry], refreshed_at: datetime, high_water: datetime | None
    ) -> None:
        assert alias == "acme"
        self.puts += 1
        self.entries |= {(object_, entry.id): entry for entry in entries}
        self.kept[object_] = (refreshed_at, high_water)

    def named(self, object_: str, name: str) -> list[Entry]:
        return [entry for (kind, _), entry in self.entries.items() if kind == object_ and entry.name == name]


async def test_lists_are_kept_fresh(rehearsal: Rehearsal, invoice: StoredWrite) -> None:
    kept = Kept()
    lists = RutterLists(rehearsal.reading, kept, SystemClock(), max_pages=500)
    before = datetime.now(UTC)
    every = frozenset({"customer", "item", "account", "tax_rate", "payment_method"})
    assert await lists.refresh(rehearsal.connection, every, older_than=before) is None
    assert set(kept.kept) == every
    assert all(refreshed >= before for refreshed, _ in kept.kept.values())
    assert {entry.id for (kind, _), entry in kept.entries.items() if kind == "account"} >= set(
        rehearsal.made["accounts"].values()
    )
    assert {entry.id for (kind, _), entry in kept.entries.items() if kind == "item"} >= set(
        rehearsal.made["items"].values()
    )
    receivable = kept.entries["account", rehearsal.made["accounts"]["accounts_receivable"]]
    assert (receivable.type, receivable.active, receivable.currency) == ("accounts_receivable", True, "USD")
    puts = kept.puts
    assert await lists.refresh(rehearsal.connection, every, older_than=before) is None
    assert kept.puts == puts
    ada = await customer(rehearsal, invoice)
    later = datetime.now(UTC)
    assert await lists.refresh(rehearsal.connection, frozenset({"customer"}), older_than=later) is None
    assert [entry.id for entry in kept.named("customer", "Ada Byron")] == [ada]


async def test_a_refresh_begins_shortly_before_where_the_last_one_ended(
    serving: Callable[..., Any], talking: Callable[..., Any], answer: Callable[..., bytes], connection: Connection
) -> None:
    kept = Kept()
    page = b'{"items":[{"id":"i-1","name":"Plan","last_synced_at":"2026-11-02T10:15:00.000Z"},{"name":"no id"}]}'
    async with serving(answer(200, page)) as server, talking(server.url) as parts:
        lists = RutterLists(parts.reading, kept, SystemClock(), max_pages=5)
        for _ in range(2):
            assert await lists.refresh(connection, frozenset({"item"}), older_than=datetime.now(UTC)) is None
    assert list(kept.entries) == [("item", "i-1")]
    assert kept.kept["item"][1] == datetime(2026, 11, 2, 10, 15, tzinfo=UTC)
    assert b"last_synced_at_min" not in server.seen[0]
    assert b"sort=last_synced_at+ASC&last_synced_at_min=1793614200000&" in server.seen[1]


async def test_a_refused_list_is_told(rehearsal: Rehearsal) -> None:
    kept = Kept()
    lists = RutterLists(rehearsal.reading, kept, SystemClock(), max_pages=1)
    now = datetime.now(UTC)
    cut = await lists.refresh(rehearsal.connection, frozenset({"account"}), older_than=now)
    assert cut == Unknown(reason="reading: more than 1 pages of accounts")
    assert kept.kept["account"][0] < now
    await rehearsal.told("faults", kind="429", endpoint="account", method="GET")
    assert isinstance(await lists.refresh(rehearsal.connection, frozenset({"account"}), older_than=now), Deferred)


async def test_the_life_of_a_connection(rehearsal: Rehearsal) -> None:
    calls = Connections(rehearsal.transport, SystemClock())
    exchanged = await calls.exchange(rehearsal.made["public_token"])
    assert isinstance(exchanged, Exchanged)
    assert (exchanged.connection_id, exchanged.access_token, exchanged.platform) == (
        rehearsal.made["connection_id"],
        rehearsal.made["access_token"],
        "QUICKBOOKS",
    )
    listed = await calls.connections()
    assert isinstance(listed, tuple)
    assert [(one.id, one.status) for one in listed] == [(exchanged.connection_id, "active")]
    standing = await calls.status(exchanged.access_token)
    assert isinstance(standing, Standing)
    assert (standing.is_ready, standing.is_healthy, standing.needs_update, standing.is_disabled) == (
        True,
        True,
        False,
        False,
    )
    company = await calls.company_info(exchanged.access_token)
    assert isinstance(company, CompanyInfo)
    assert company.home_currency == "USD"
    assert isinstance(await calls.exchange("no such token"), Rejected)
    assert await calls.status("11111111-2222-4333-8444-0000000000aa") == Deferred(reason=DeferReason.CREDENTIALS)


async def test_a_tax_rate_keeps_its_rate_a_term_its_days_and_a_custom_field_its_key() -> None:
    rate = entry_of("tax_rate", {"id": "t-1", "name": "VAT", "code": "S", "effective_tax_rate": Decimal("20.50")})
    free = entry_of("tax_rate", {"id": "t-0", "name": "Free", "effective_tax_rate": 0, "status": "inactive"})
    term = entry_of("payment_term", {"id": "p-1", "term_name": "Net 30", "due_days": 30})
    tracked = entry_of("custom_field", {"id": "f-1", "key": "tracking_region", "name": "Region"})

    assert rate == Entry(id="t-1", name="VAT", code="S", rate="20.5")
    assert free == Entry(id="t-0", name="Free", rate="0", active=False)
    assert term == Entry(id="p-1", name="Net 30", days=30)
    assert tracked == Entry(id="f-1", name="Region", code="tracking_region")


async def test_lists_that_only_some_platforms_have_are_copied_or_empty(rehearsal: Rehearsal) -> None:
    kept = Kept()
    lists = RutterLists(rehearsal.reading, kept, SystemClock(), max_pages=500)
    every = frozenset({"class", "department", "location", "payment_term", "custom_field"})

    assert await lists.refresh(rehearsal.connection, every, older_than=datetime.now(UTC)) is None

    assert set(kept.kept) == every
    there = {(kind, entry.name) for (kind, _), entry in kept.entries.items()}
    assert {("class", "Online"), ("department", "Support"), ("payment_term", "Net 15")} <= there
    assert [entry.days for entry in kept.named("payment_term", "Net 15")] == [15]
    assert not any(kind in {"location", "custom_field"} for kind, _ in there)
