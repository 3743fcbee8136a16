"""What people look at: tables for them, JSON for programs, and exit codes that mean something."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Shell, Shop
from tests.cli.shop import order, payment


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("documents", "no documents yet"),
        ("parked", "nothing waits for a person"),
        ("tie-out", "nothing told and nothing booked yet"),
        ("status", "acme"),
    ],
)
def test_an_empty_trail_is_said_in_words(ledgerhook: Shell, shop: Shop, command: str, says: str) -> None:
    assert says in ledgerhook.good(command, "--data-dir", shop.data_dir)
    ledgerhook.json(command, "--data-dir", shop.data_dir)


def test_status_shows_addresses_and_what_waits(ledgerhook: Shell, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHOOK_PUBLIC_URL", "https://hooks.example.com/")
    shop.take(order(), payment())

    told = ledgerhook.json("status", "--data-dir", shop.data_dir)

    assert told["addresses"] == {
        "acme-events": "https://hooks.example.com/webhooks/acme-events",
        "acme-stripe": "https://hooks.example.com/webhooks/acme-stripe",
    }
    assert told["connections"][0]["counts"]["due"] == 2
    assert "https://hooks.example.com/webhooks/acme-stripe" in ledgerhook.good("status", "--data-dir", shop.data_dir)


def test_what_cannot_be_read_is_listed_with_its_field(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(order().replace(b'"USD"', b'"ZZZ"'))

    shown = ledgerhook.good("parked", "--data-dir", shop.data_dir)
    told = ledgerhook.json("parked", "--data-dir", shop.data_dir)

    assert "currency" in shown
    assert "ledgerhook replay --unreadable" in shown
    assert told["unreadable"][0]["path"].endswith("currency")


def test_release_says_what_to_release_and_fails_on_nothing(ledgerhook: Shell, shop: Shop) -> None:
    assert "ledgerhook parked" in ledgerhook.fails("release", "--data-dir", shop.data_dir)
    line = ledgerhook.fails("release", "--cause", "unmapped item: SHIRT", "--data-dir", shop.data_dir)
    assert line == "nothing parked under that; `ledgerhook parked` lists the causes"


def test_a_difference_that_has_a_reason_does_not_fail_the_tie_out(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(order())

    told = ledgerhook.json("tie-out", "--data-dir", shop.data_dir)

    (tie,) = [one for one in told if one["currency"] == "USD"]
    assert (tie["source"], tie["books"], tie["difference"], tie["unexplained"]) == (2500, 0, -2500, 0)


def test_a_trail_of_another_version_is_refused_with_the_cure(ledgerhook: Shell, shop: Shop, tmp_path: Path) -> None:
    with sqlite3.connect(shop.here.trail) as c:
        c.execute("UPDATE alembic_version SET version_num = '0001'")
    c.close()

    assert ledgerhook.fails("status", "--data-dir", shop.data_dir).endswith("run `ledgerhook migrate`")


def test_json_is_one_document_on_standard_output(ledgerhook: Shell, shop: Shop) -> None:
    result = ledgerhook("status", "--json", "--data-dir", shop.data_dir)

    assert isinstance(json.loads(result.stdout), dict)
    assert result.stderr == ""


def test_status_names_connections_that_nobody_declared(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(order())
    with sqlite3.connect(shop.here.trail) as c:  # as an upstream publisher's events stand in the trail
        c.execute("UPDATE work SET connection = 'nova'")
    said = "events for the unknown connection nova: 1 waiting; declare it with apply"
    assert said in ledgerhook.good("status", "--data-dir", shop.data_dir)
    told = ledgerhook.json("status", "--data-dir", shop.data_dir)
    assert told["undeclared"] == [{"connection": "nova", "waiting": 1}]
