"""`ledgerhook adopt`: looks, links what is sure on a paused connection, and says what comes next."""

import httpx
import pytest

from sandbox.server import Sandbox
from tests.cli.conftest import Shell, Shop
from tests.cli.shop import TOKEN, order


@pytest.fixture
def books(rutter: Sandbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """A company with an invoice 1001 over 25.00 USD; answers its Rutter id."""
    settings = {"BASE_URL": rutter.base_url, "CLIENT_ID": rutter.settings.client_id}
    for name, value in {**settings, "CLIENT_SECRET": rutter.settings.client_secret}.items():
        monkeypatch.setenv(f"LEDGERHOOK_RUTTER_{name}", value)
    company = {"platform": "QUICKBOOKS", "home_currency": "USD", "access_token": TOKEN}
    with httpx.Client(auth=(rutter.settings.client_id, rutter.settings.client_secret)) as client:
        client.post(f"{rutter.url}/_sandbox/connections", json=company).raise_for_status()

        def put(plural: str, number: int, body: dict[str, object]) -> str:
            key = f"00000000-0000-4000-8000-{number:012d}"
            answer = client.post(
                f"{rutter.base_url}/accounting/{plural}", params={"access_token": TOKEN}, json={plural[:-1]: body},
                headers={"X-Rutter-Version": "2024-08-31", "Idempotency-Key": key},
            ).raise_for_status()  # fmt: skip
            return str(answer.json()[plural[:-1]]["id"])

        ada = put("customers", 1, {"contact_name": "Ada Byron"})
        lines = [{"total_amount": 25.0, "description": "A shirt"}]
        head = {"customer_id": ada, "issue_date": "2026-11-02", "currency_code": "USD", "document_number": "1001"}
        return put("invoices", 2, {**head, "line_items": lines})


def test_it_looks_first_and_links_on_a_paused_connection(ledgerhook: Shell, shop: Shop, books: str) -> None:
    shop.take(order("1001"), order("1002"))
    where = ("--data-dir", shop.data_dir)

    looked = ledgerhook.json("adopt", "acme", *where)
    assert [(pair["event"], pair["rutter_id"]) for pair in looked["sure"]] == [("order:1001", books)]
    assert (looked["waiting"], looked["documents"], looked["linked"]) == (2, 1, None)

    refused = ledgerhook("adopt", "acme", "--link", *where)
    assert refused.exit_code == 1
    assert "acme is not paused" in refused.stderr
    assert "ledgerhook adopt acme --link" in refused.stderr

    ledgerhook.good("pause", "acme", *where)
    linked = ledgerhook.good("adopt", "acme", "--link", *where)
    assert "1 linked; 0 set aside for a person" in linked
    assert "ledgerhook resume acme posts what is left" in linked
    again = ledgerhook.json("adopt", "acme", "--link", *where)
    assert (again["waiting"], again["sure"], again["linked"]) == (1, [], 0)


def test_a_wrong_day_and_an_unknown_connection_are_said(ledgerhook: Shell, shop: Shop) -> None:
    where = ("--data-dir", shop.data_dir)
    assert "write a day like 2026-01-31" in ledgerhook.fails("adopt", "acme", "--since", "yesterday", *where)
    assert "no connection nowhere" in ledgerhook.fails("adopt", "nowhere", *where)


def test_status_says_what_is_ahead(ledgerhook: Shell, shop: Shop) -> None:
    shop.take(order("1001"), order("1002"))
    ledgerhook.good("pause", "acme", "--data-dir", shop.data_dir)
    assert "acme: 2 documents wait" in ledgerhook.good("status", "--data-dir", shop.data_dir)
    ahead = ledgerhook.json("status", "--data-dir", shop.data_dir)["forecast"]["acme"]
    assert (ahead["live"] + ahead["backfill"], ahead["until"], ahead["stopped"]) == (
        2,
        None,
        "the connection is paused",
    )
