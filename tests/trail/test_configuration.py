"""Declaring connections and sources, and keeping their secrets."""

from dataclasses import replace

from sqlalchemy import select

from schemas.books import Entry, LookUp
from schemas.connections import Connection
from schemas.mapping import Clearing, Items, Mapping, Named, Numbers, Policies, When
from schemas.sources import Source
from service.sealing import KeyRing
from service.trail import connections, entries, rotation, sources
from service.trail.changes import Change, Declared, Mismatch
from service.trail.database import Trail
from service.trail.entries import Mark
from service.trail.mapping_json import mapping_json, mapping_of
from service.trail.tables import connections as connection_rows
from service.trail.tables import sources as source_rows
from tests.trail.conftest import NOON, acme, shop
from tests.trail.told import delivery, order

FULL = Mapping(
    items=Items(
        fallback=Named(name="Sales"),
        by_sku=(("SHIRT-M", Named(code="4000")), ("MUG", Named(id="i-9"))),
        match_sku=False,
        require_mapping=True,
        shipping=Named(name="Shipping"),
        tip=Named(name="Tips"),
        discount=Named(name="Discounts"),
        rounding=Named(name="Rounding"),
        tax=Named(name="Sales tax"),
        gift_card=Named(name="Gift cards"),
    ),
    clearing=(
        Clearing(account=Named(name="Stripe"), when=When(gateway="stripe")),
        Clearing(account=Named(code="1100")),
    ),
    receivable=Named(code="1200"),
    cash_customer=Named(name="Guests"),
    tax="line",
    numbers=Numbers(prefix="S-"),
    policies=Policies(refund="credit_memo"),
)


async def declare(trail: Trail, wanted: Connection | Source) -> Declared | Mismatch:
    if isinstance(wanted, Connection):
        return await trail.run(lambda c: connections.declare(c, trail.keys, wanted, NOON))
    return await trail.run(lambda c: sources.declare(c, trail.keys, wanted, NOON))


def test_a_mapping_comes_back_as_it_was() -> None:
    assert mapping_of(mapping_json(FULL)) == FULL
    assert mapping_of(mapping_json(Mapping())) == Mapping()
    assert mapping_of('{"of_a_newer_version": 1}') == Mapping()


async def test_a_connection_comes_back_with_its_token_opened(trail: Trail) -> None:
    assert await trail.work.connection("acme") == acme()
    assert await trail.work.connection("nobody") is None


async def test_declaring_again_says_what_changed_and_shows_no_secret(trail: Trail) -> None:
    assert await declare(trail, acme()) == Declared("connection", "acme", created=False)

    changed = await declare(trail, replace(acme(), time_zone="UTC", mapping=FULL, access_token="other"))

    assert isinstance(changed, Declared)
    tables = [change.field.partition(".")[0] for change in changed.changes]
    assert list(dict.fromkeys(tables)) == ["time_zone", "mapping", "access_token"]
    assert "mapping.items.fallback" in [change.field for change in changed.changes]
    assert changed.changes[0] == Change("time_zone", "America/New_York", "UTC")
    assert "other" not in str(changed)
    assert await declare(trail, replace(acme(), time_zone="UTC", mapping=FULL, access_token="")) == Declared(
        "connection", "acme", created=False
    )
    found = await trail.work.connection("acme")
    assert found is not None
    assert (found.mapping, found.access_token) == (FULL, "other")


async def test_an_alias_is_never_pointed_elsewhere(trail: Trail) -> None:
    assert await declare(trail, replace(acme(), rutter_id="rutter-2")) == Mismatch(
        "connection acme: belongs to Rutter's connection rutter-1 for good; give rutter-2 another alias"
    )
    assert await declare(trail, replace(acme(), alias="acme-2")) == Mismatch(
        "connection acme-2: its Rutter connection is already known as acme"
    )


async def test_a_namespace_belongs_to_one_connection(trail: Trail) -> None:
    await declare(trail, replace(acme(), alias="b", rutter_id="rutter-b"))

    assert await declare(trail, replace(shop(), name="b-shop", connection="b")) == Mismatch(
        "source b-shop: the namespace store belongs to the connection acme; use another"
    )
    assert isinstance(await declare(trail, replace(shop(), namespace="elsewhere")), Mismatch)
    assert isinstance(await declare(trail, replace(shop(), connection="nobody")), Mismatch)


async def test_sources_come_back_with_their_secrets_opened(trail: Trail) -> None:
    assert [source.name for source in await trail.intake.sources()] == ["shop", "till"]
    assert (await trail.intake.sources())[0] == shop()

    changed = await declare(trail, replace(shop(), tolerance_seconds=60, secrets=("s3",)))

    assert isinstance(changed, Declared)
    assert [change.field for change in changed.changes] == ["options.tolerance_seconds", "secrets"]
    assert (await trail.intake.sources())[0].secrets == ("s3",)


async def test_the_shop_that_feeds_a_source_comes_back(trail: Trail) -> None:
    fed = replace(shop(), kind="rutter", commerce_connection="c-1")

    assert isinstance(await declare(trail, fed), Declared)
    assert (await trail.intake.sources())[0] == fed


async def test_secrets_rest_sealed_and_are_sealed_again_under_a_new_key(trail: Trail) -> None:
    both = KeyRing({"k2": bytes([2]) * 32, "k1": bytes(32)})
    sealed = trail.keys.seal(b"body", "deliveries/d1")
    await trail.intake.record([delivery("d1", order(), at=NOON, sealed=sealed)])

    for expected in (4, 0):
        at: rotation.Step | None = rotation.Step()
        resealed = 0
        while at is not None:
            here = at
            at = await trail.run(lambda c, here=here: rotation.step(c, both, here, 1))  # type: ignore[misc]  # the default is a Step
            resealed = resealed if at is None else at.resealed
        assert resealed == expected

    new = KeyRing({"k2": bytes([2]) * 32})
    assert await trail.read(lambda c: connections.connection(c, new, "acme")) == acme()
    assert (await trail.read(lambda c: sources.all_sources(c, new)))[0] == shop()
    kept = await trail.read(
        lambda c: [
            *c.execute(select(connection_rows.c.access_token_sealed)).scalars(),
            *c.execute(select(source_rows.c.secrets_sealed)).scalars(),
        ]
    )
    assert all(b"token-of-acme" not in value and b"s1" not in value for value in kept)


async def test_lists_are_replaced_entry_by_entry_and_marked(trail: Trail) -> None:
    one, two = Entry(id="1", name="\uff33hirt "), Entry(id="2", name="MUG", code="M-1", active=False)
    look = LookUp("item", "name", "shirt")

    await trail.run(lambda c: entries.put(c, "acme", "item", [one, two]))
    assert await trail.read(lambda c: entries.find(c, "acme", [look])) == {look: (one,)}
    await trail.run(lambda c: entries.put(c, "acme", "item", [replace(one, name="Coat")]))
    await trail.run(lambda c: entries.keep_only(c, "acme", "item", {"1"}))
    await trail.run(lambda c: entries.mark(c, "acme", "item", Mark(NOON, "2026-11-02")))

    by_code = LookUp("item", "code", "m-1")
    assert await trail.read(lambda c: entries.find(c, "acme", [look, by_code])) == {}
    assert await trail.read(lambda c: entries.marks(c, "acme")) == {"item": Mark(NOON, "2026-11-02")}
