"""`replay`: read again what was kept; nothing twice; an old trail into an empty one."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.plans import Cause, Park
from service.trail import parking
from tests.cli.conftest import Shell, Shop, new_shop
from tests.cli.shop import CONFIGURATION, order, payment

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def kept(shop: Shop) -> Shop:
    """Two orders on Monday, a payment of one on Tuesday."""
    shop.take(order("1001"), order("1002"), at=MONDAY)
    shop.take(payment("p1", "1001"), at=TUESDAY)
    return shop


def replayed(ledgerhook: Shell, shop: Shop, *words: str | Path) -> tuple[int, dict[str, int]]:
    told = ledgerhook.json("replay", *words, "--data-dir", shop.data_dir)
    return told["deliveries"], told["verdicts"]


def test_everything_again_is_nothing_new(ledgerhook: Shell, kept: Shop) -> None:
    assert replayed(ledgerhook, kept, "--all") == (3, {"duplicate": 3})


@pytest.mark.parametrize(
    ("words", "deliveries"),
    [
        (["--order", "1001"], 2),
        (["--order", "9999"], 0),
        (["--source", "acme-events"], 3),
        (["--source", "acme-stripe"], 0),
        (["--type", "payment.received"], 1),
        (["--since", "2026-11-03T00:00Z"], 1),
        (["--until", "2026-11-03T00:00Z"], 2),
        (["--since", "2026-11-02T00:00Z", "--until", "2026-11-02T11:00Z"], 0),
        (["--type", "order.completed", "--order", "1001"], 1),
        (["d-02-120000000000-1"], 1),
        (["--unreadable"], 0),
    ],
)
def test_it_reads_what_was_asked_for(ledgerhook: Shell, kept: Shop, words: list[str], deliveries: int) -> None:
    assert replayed(ledgerhook, kept, *words)[0] == deliveries


def test_a_dry_run_records_nothing(ledgerhook: Shell, kept: Shop, tmp_path: Path) -> None:
    fresh = new_shop(ledgerhook, tmp_path / "fresh")

    shown = ledgerhook.good("replay", "--from", kept.data_dir, "--dry-run", "--data-dir", fresh.data_dir)

    assert shown.splitlines() == ["read 3 deliveries, which tell 3 events", "nothing was recorded (--dry-run)"]
    assert ledgerhook.json("status", "--data-dir", fresh.data_dir)["counts"]["due"] == 0


def test_what_a_changed_setting_makes_readable_is_cured(ledgerhook: Shell, shop: Shop) -> None:
    body = (
        b'{"object":"event","id":"evt_1","type":"charge.succeeded","created":1762084800,"data":{"object":{"object":"charge",'
        b'"id":"ch_1","payment_intent":"pi_1","amount":1050,"amount_captured":1050,"captured":true,"paid":true,'
        b'"status":"succeeded","currency":"kwd","created":1762084800,"amount_refunded":0,"metadata":{}}}}'
    )
    shop.file.write_text(CONFIGURATION.replace('kind = "stripe"', 'kind = "stripe"\nexponents = { KWD = 4 }'))
    ledgerhook.good("apply", shop.file, "--data-dir", shop.data_dir)
    shop.take(body.replace(b"1050", b"1055"), source="acme-stripe")
    assert ledgerhook.json("parked", "--data-dir", shop.data_dir)["unreadable_count"] == 1
    shop.file.write_text(CONFIGURATION)
    ledgerhook.good("apply", shop.file, "--data-dir", shop.data_dir)

    assert replayed(ledgerhook, shop, "--unreadable") == (1, {"new": 1})
    assert ledgerhook.json("parked", "--data-dir", shop.data_dir)["unreadable_count"] == 0
    assert replayed(ledgerhook, shop, "--unreadable") == (0, {})


def test_the_files_of_a_replayed_order_are_due_again_with_it(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(order("1001", attachments=[{"file_name": "sold.pdf", "url": "https://shop.example/sold.pdf"}]))
    asyncio.run(_park_all(shop))
    assert ledgerhook.json("status", "--data-dir", shop.data_dir)["counts"]["parked"] == 2

    ledgerhook.good("replay", "--order", "1001", "--data-dir", shop.data_dir)

    counts = ledgerhook.json("status", "--data-dir", shop.data_dir)["counts"]
    assert (counts["due"], counts["parked"]) == (2, 0)


async def _park_all(shop: Shop) -> None:
    trail = shop.open()
    why = Park(cause=Cause.ATTACHMENT_REFUSED, subject="sold.pdf", detail="it cannot be had", cure="have it there")
    try:
        for due in await trail.work.due("acme", 10):
            await trail.run(lambda c, seq=due.seq: parking.park(c, seq, why, MONDAY))  # type: ignore[misc]  # a default binds the loop's value
    finally:
        await trail.close()


def test_an_old_trail_into_an_empty_one(ledgerhook: Shell, kept: Shop, tmp_path: Path) -> None:
    fresh = new_shop(ledgerhook, tmp_path / "fresh")

    assert replayed(ledgerhook, fresh, "--from", kept.data_dir) == (3, {"new": 3})
    assert replayed(ledgerhook, fresh, "--from", kept.data_dir) == (3, {"duplicate": 3})
    assert ledgerhook.json("status", "--data-dir", fresh.data_dir)["connections"][0]["counts"]["due"] == 3


def test_the_old_trails_keys_from_the_environment(
    ledgerhook: Shell, kept: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = new_shop(ledgerhook, tmp_path / "fresh")
    keys = kept.data_dir / "encryption.keys"
    monkeypatch.setenv("OLD_KEYS", keys.read_text().strip())
    keys.unlink()
    asked = ("--from", kept.data_dir, "--dry-run")

    line = ledgerhook.fails("replay", *asked, "--data-dir", fresh.data_dir)
    assert line.endswith("give the archive's keys, all that ever sealed in it")
    assert replayed(ledgerhook, fresh, *asked, "--from-keys-env", "OLD_KEYS")[0] == 3
    monkeypatch.setenv("OLD_KEYS", "k1:hidden")
    line = ledgerhook.fails("replay", *asked, "--from-keys-env", "OLD_KEYS", "--data-dir", fresh.data_dir)
    assert line == "OLD_KEYS: the key k1 is not base64"


def test_connections_must_be_declared_where_it_goes(ledgerhook: Shell, kept: Shop, tmp_path: Path) -> None:
    fresh = new_shop(ledgerhook, tmp_path / "fresh", "")

    line = ledgerhook.fails("replay", "--from", kept.data_dir, "--data-dir", fresh.data_dir)

    assert line.startswith("acme: not declared here; `ledgerhook apply FILE` first")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "say what to replay: "),
        (["--since", "yesterday"], "--since 'yesterday': write it as 2026-11-02"),
        (["--type", "order"], "--type order: one of order.completed, payment.received, refund.issued"),
        (["--from", "/nowhere"], "--from: there is no trail at /nowhere yet"),
        (["--from", "/nowhere", "--from-keys-env", "NO"], "--from-keys-env: the environment variable NO is not set"),
        (["no-such-id"], "1 of these deliveries are not in the archive"),
    ],
)
def test_wrong_words_are_one_line(ledgerhook: Shell, kept: Shop, words: list[str], line: str) -> None:
    assert ledgerhook.fails("replay", *words, "--data-dir", kept.data_dir).startswith(line)


def test_a_batch_that_was_read_in_part_is_read_again_without_doubling(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(b"[" + order("1") + b"," + order("2").replace(b'"USD"', b'"ZZZ"') + b"," + order("3") + b"]")

    parked = ledgerhook.json("parked", "--data-dir", shop.data_dir)["unreadable"]
    told = ledgerhook.json("replay", "--unreadable", "--data-dir", shop.data_dir)

    assert [(one["path"], one["reason"].partition(" (")[2]) for one in parked] == [
        ("$[1].data.order.currency", "1 of 3 events; the others went on)")
    ]
    assert (told["deliveries"], told["unreadable"], told["verdicts"]) == (1, 1, {"duplicate": 2})
    assert ledgerhook.json("status", "--data-dir", shop.data_dir)["connections"][0]["counts"]["due"] == 2
