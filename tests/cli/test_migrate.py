"""`migrate`: the schema, and sealing again under a new key."""

import asyncio

import pytest

from service.clock import SystemClock
from service.sealing import KeyRing, parse_keys
from service.trail.database import open_trail
from tests.cli.conftest import Shell, Shop
from tests.cli.shop import STRIPE_SECRET, order

NEW = "k2:" + "A" * 43 + "="


def test_migrate_can_be_run_again(ledgerhook: Shell, shop: Shop) -> None:
    for _ in range(2):
        assert "trail: schema" in ledgerhook.good("migrate", "--data-dir", shop.data_dir)


def test_after_resealing_the_old_key_is_not_needed(
    ledgerhook: Shell, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.take(order())
    old = (shop.data_dir / "encryption.keys").read_text("utf-8").strip()
    monkeypatch.setenv("LEDGERHOOK_ENCRYPTION_KEYS", f"{NEW},{old}")
    # One token, the secrets of two sources, one body.
    assert ledgerhook.good("migrate", "--reseal", "--data-dir", shop.data_dir) == "sealed again: 4\n"
    assert ledgerhook.good("migrate", "--reseal", "--data-dir", shop.data_dir) == "sealed again: 0\n"
    ring = parse_keys(NEW)
    assert isinstance(ring, KeyRing)
    trail = open_trail(shop.here.trail, ring, SystemClock(), visitor=True)
    try:
        secrets = {source.name: source.secrets for source in asyncio.run(trail.intake.sources())}
    finally:
        trail.shut()
    assert secrets["acme-stripe"] == (STRIPE_SECRET,)
