"""`doctor`: what is missing or wrong, and the cure; before the first start, before `apply`, and beside the service."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.server import Sandbox
from tests.cli.conftest import Shell, Shop, new_shop
from tests.cli.shop import CONFIGURATION
from tools.parts.shared import BrokerAddress


@pytest.fixture
def company(rutter: Sandbox, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A company in the sandbox whose token is acme's, with our credentials set."""
    made = control(rutter, "connections", {"platform": "QUICKBOOKS", "name": "Acme", "currencies": ["USD"]})
    monkeypatch.setenv("LEDGERHOOK_RUTTER_BASE_URL", rutter.base_url)
    monkeypatch.setenv("LEDGERHOOK_RUTTER_CLIENT_ID", rutter.settings.client_id)
    monkeypatch.setenv("LEDGERHOOK_RUTTER_CLIENT_SECRET", rutter.settings.client_secret)
    monkeypatch.setenv("ACME_TOKEN", made["access_token"])
    return made


def control(rutter: Sandbox, path: str, body: dict[str, Any]) -> dict[str, str]:
    told: dict[str, str] = httpx.post(f"{rutter.url}/_sandbox/{path}", json=body).raise_for_status().json()
    return told


def configured(company: dict[str, str], *changes: tuple[str, str]) -> str:
    """acme's file, pointed to the company, without the cash customer that a new company does not have."""
    text = CONFIGURATION.replace('"r-1"', f'"{company["connection_id"]}"').replace('cash_customer = "Web sales"\n', "")
    for right, other in changes:
        assert right in text
        text = text.replace(right, other)
    return text


def examined(ledgerhook: Shell, *words: str | Path, good: bool) -> list[dict[str, Any]]:
    """The findings; the exit code must agree with them."""
    result = ledgerhook("doctor", "--json", *words)
    told = json.loads(result.stdout)
    assert (result.exit_code == 0) is told["good"] is good, result.stdout
    findings: list[dict[str, Any]] = told["findings"]
    return findings


def about(findings: list[dict[str, Any]], what: str) -> list[tuple[str, str, str | None]]:
    return [(one["state"], one["says"], one["cure"]) for one in findings if one["what"] == what]


def test_before_the_first_start_nothing_is_wrong(ledgerhook: Shell, tmp_path: Path) -> None:
    findings = examined(ledgerhook, "--data-dir", tmp_path / "data", good=True)

    ((state, _, cure),) = about(findings, "trail")
    assert (state, cure) == ("note", "`ledgerhook up` makes it at its first start")
    assert about(findings, "Rutter")[0][0] == "note"
    assert not (tmp_path / "data").exists()


def test_wrong_settings_are_findings(ledgerhook: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHOOK_PUBLIC_PORT", "hidden")
    monkeypatch.setenv("LEDGERHOOK_ADMIN_PORT", "hidden")

    findings = examined(ledgerhook, good=False)

    assert [(one["what"], one["says"]) for one in findings] == [
        ("LEDGERHOOK_PUBLIC_PORT", "must be a whole number"),
        ("LEDGERHOOK_ADMIN_PORT", "must be a whole number"),
    ]


def test_a_good_installation(ledgerhook: Shell, company: dict[str, str], tmp_path: Path) -> None:
    shop = new_shop(ledgerhook, tmp_path / "shop", configured(company))

    findings = examined(ledgerhook, "--data-dir", shop.data_dir, good=True)

    assert about(findings, "connection acme") == [
        ("note", "not mapped: cash_customer; what needs it will park",
         "`ledgerhook setup acme` goes through it, or add it to the configuration file"),
        ("good", "QUICKBOOKS, ready", None),
    ]  # fmt: skip
    assert about(findings, "mapping of acme") == [("good", "5 names, all in the books", None)]
    assert about(findings, "source acme-stripe") == [
        ("good", "stripe, 1 secret: http://127.0.0.1:8080/webhooks/acme-stripe", None)
    ]
    shown = ledgerhook.good("doctor", "--data-dir", shop.data_dir)
    assert "✓  mapping of acme  5 names, all in the books" in shown


def test_wrong_names_come_with_those_that_are_near(
    ledgerhook: Shell, company: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = configured(company, ('"Tip"', '"Tips"'), ('"Undeposited Funds"', '"Stripe"'), ('"Sales"', '"Zebras"'))
    with monkeypatch.context() as offline:
        offline.delenv("LEDGERHOOK_RUTTER_CLIENT_ID")
        shop = new_shop(ledgerhook, tmp_path / "shop", text)

    told = about(examined(ledgerhook, "--data-dir", shop.data_dir, good=False), "mapping of acme")

    assert told == [
        ("wrong", 'items.fallback = "Zebras": the books have no such item', "make that item in the books"),
        ("wrong", 'items.tip = "Tips": the books have no such item', 'name one that is there: "Tip"'),
        ("wrong", 'clearing[0].account = "Stripe": the books have no such account',
         'name one that is there: "Stripe clearing"'),
    ]  # fmt: skip


def test_a_file_is_looked_at_before_it_is_applied(ledgerhook: Shell, company: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "wanted.toml"
    file.write_text(configured(company, ('"Tip"', '"Tips"')))

    findings = examined(ledgerhook, file, "--data-dir", tmp_path / "data", good=False)

    assert about(findings, str(file)) == [("good", "1 connections, 2 sources", None)]
    assert [says for state, says, _ in about(findings, "mapping of acme") if state == "wrong"] == [
        'items.tip = "Tips": the books have no such item'
    ]
    assert not (tmp_path / "data").exists()


def test_a_wrong_file_is_told_line_by_line(ledgerhook: Shell, tmp_path: Path) -> None:
    file = tmp_path / "wanted.toml"
    file.write_text(CONFIGURATION.replace('"QUICKBOOKS"', '"QUICKBOKS"'))

    findings = examined(ledgerhook, file, "--data-dir", tmp_path / "data", good=False)

    ((state, says, _),) = about(findings, str(file))
    assert (state, says) == ("wrong", "connections.acme.platform: no platform of Rutter's; did you mean QUICKBOOKS?")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("QUICKBOOKS", "XERO"), 'platform = "XERO", and Rutter says QUICKBOOKS'),
        (('home_currency = "USD"', 'home_currency = "EUR"'), 'home_currency = "EUR", and the books are kept in USD'),
    ],
)
def test_what_the_file_says_of_the_books_is_compared(
    ledgerhook: Shell, company: dict[str, str], tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    shop = new_shop(ledgerhook, tmp_path / "shop", configured(company, change))

    told = about(examined(ledgerhook, "--data-dir", shop.data_dir, good=False), "connection acme")

    assert says in [one for state, one, _ in told if state == "wrong"]


def test_a_token_that_is_not_the_connections(
    ledgerhook: Shell, company: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "an-old-token")
    shop = new_shop(ledgerhook, tmp_path / "shop", configured(company))

    told = about(examined(ledgerhook, "--data-dir", shop.data_dir, good=False), "connection acme")

    assert told[-1][:2] == ("wrong", "its access token is another connection's, or an old one")


def test_a_connection_that_rutter_does_not_list(ledgerhook: Shell, company: dict[str, str], tmp_path: Path) -> None:
    shop = new_shop(ledgerhook, tmp_path / "shop", configured(company, (company["connection_id"], "r-elsewhere")))

    told = about(examined(ledgerhook, "--data-dir", shop.data_dir, good=False), "connection acme")

    assert told[-1][1] == f"Rutter lists no connection r-elsewhere; there are: {company['connection_id']} (Acme)"


@pytest.mark.parametrize(
    "broken",
    [("needs_update", "needs the merchant's consent anew"), ("disabled", "disabled at Rutter (MANUALLY_DISABLED)")],
)
def test_a_broken_connection_says_where_to_sign_in(
    ledgerhook: Shell, company: dict[str, str], rutter: Sandbox, tmp_path: Path, broken: tuple[str, str]
) -> None:
    state, says = broken
    shop = new_shop(ledgerhook, tmp_path / "shop", configured(company))
    asked = {"connection_id": company["connection_id"], "state": state}
    control(rutter, "connections/state", asked | ({"reason": "MANUALLY_DISABLED"} if state == "disabled" else {}))

    told = about(examined(ledgerhook, "--data-dir", shop.data_dir, good=False), "connection acme")

    assert (told[-1][0], told[-1][1]) == ("wrong", says)
    assert told[-1][2] == f"the merchant signs in again at {rutter.url}/_sandbox/link/{company['connection_id']}"


def test_wrong_credentials(
    ledgerhook: Shell, company: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERHOOK_RUTTER_CLIENT_SECRET", "wrong-hidden")
    shop = new_shop(ledgerhook, tmp_path / "shop", configured(company))

    findings = examined(ledgerhook, "--data-dir", shop.data_dir, good=False)

    ((state, says, cure),) = about(findings, "Rutter")
    assert (state, says.partition(": ")[2]) == ("wrong", "credentials refused")
    assert cure is not None
    assert "LEDGERHOOK_RUTTER_CLIENT_SECRET" in cure
    assert ("skipped", "not looked at: Rutter could not be asked", None) in about(findings, "connection acme")
    assert "hidden" not in str(findings)


def test_rutter_that_cannot_be_reached(ledgerhook: Shell, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHOOK_RUTTER_BASE_URL", "http://127.0.0.1:9/versioned")
    monkeypatch.setenv("LEDGERHOOK_RUTTER_CLIENT_ID", "c")
    monkeypatch.setenv("LEDGERHOOK_RUTTER_CLIENT_SECRET", "s")

    ((state, says, _),) = about(examined(ledgerhook, "--data-dir", shop.data_dir, good=False), "Rutter")

    assert (state, says) == ("wrong", "http://127.0.0.1:9/versioned: not reachable")


def test_keys_that_others_can_read(ledgerhook: Shell, shop: Shop) -> None:
    keys = shop.data_dir / "encryption.keys"
    keys.chmod(0o644)

    told = about(examined(ledgerhook, "--data-dir", shop.data_dir, good=False), "encryption keys")

    assert told[0][2] == f"chmod 600 {keys}"


def test_with_postgresql_what_must_be_given_is_named(ledgerhook: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHOOK_DATABASE_URL", "postgresql://h/x")

    ((_, says, cure),) = about(examined(ledgerhook, good=False), "trail")

    assert says == "LEDGERHOOK_ENCRYPTION_KEYS is not set"
    assert cure is not None
    assert cure.endswith("`ledgerhook init` makes some")


def test_a_public_address_must_be_safe(ledgerhook: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHOOK_PUBLIC_URL", "http://hooks.invalid")

    told = about(examined(ledgerhook, "--data-dir", tmp_path / "data", good=False), "webhook address")

    assert told[0][1] == "http://hooks.invalid: senders insist on https"


def test_kafka_is_asked_and_nothing_is_made(
    ledgerhook: Shell, kafka_broker: BrokerAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERHOOK_KAFKA_BOOTSTRAP_SERVERS", kafka_broker.bootstrap)

    result = ledgerhook("doctor", "--json", "--data-dir", tmp_path / "data")

    assert '"what": "Kafka",\n      "says": "127.0.0.1' in result.stdout
    assert '"what": "topics"' in result.stdout


def test_kafka_that_cannot_be_reached(ledgerhook: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHOOK_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")

    told = about(examined(ledgerhook, "--data-dir", tmp_path / "data", good=False), "Kafka")

    assert told[0][1].startswith("127.0.0.1:9 cannot be reached or refuses")
