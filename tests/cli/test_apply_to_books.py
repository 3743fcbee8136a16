"""`apply` beside Rutter: what the books do not have, or not so, is refused before anything is declared."""

from pathlib import Path

import httpx
import pytest

from sandbox.server import Sandbox
from tests.cli.conftest import Shell
from tests.cli.shop import CONFIGURATION


@pytest.fixture
def acme(rutter: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ledgerhook: Shell) -> "Acme":
    made = httpx.post(f"{rutter.url}/_sandbox/connections", json={"platform": "QUICKBOOKS"}).raise_for_status().json()
    monkeypatch.setenv("LEDGERHOOK_RUTTER_BASE_URL", rutter.base_url)
    monkeypatch.setenv("LEDGERHOOK_RUTTER_CLIENT_ID", rutter.settings.client_id)
    monkeypatch.setenv("LEDGERHOOK_RUTTER_CLIENT_SECRET", rutter.settings.client_secret)
    monkeypatch.setenv("ACME_TOKEN", made["access_token"])
    ledgerhook.good("migrate", "--data-dir", tmp_path / "data")
    text = CONFIGURATION.replace('"r-1"', f'"{made["connection_id"]}"').replace('cash_customer = "Web sales"\n', "")
    return Acme(ledgerhook, rutter, made, tmp_path, text)


class Acme:
    """A linked company and its file."""

    def __init__(self, shell: Shell, rutter: Sandbox, made: dict[str, str], directory: Path, text: str) -> None:
        self.shell, self.rutter, self.made = shell, rutter, made
        self.data, self.file, self.text = directory / "data", directory / "acme.toml", text

    def applied(self, right: str = "", other: str = "") -> tuple[int, str]:
        """The exit code and what is said on standard error."""
        assert right in self.text
        self.file.write_text(self.text.replace(right, other, 1) if right else self.text)
        result = self.shell("apply", self.file, "--data-dir", self.data)
        return result.exit_code, result.stderr.strip()

    def archive(self, item: str) -> None:
        credentials = (self.rutter.settings.client_id, self.rutter.settings.client_secret)
        query = {"access_token": self.made["access_token"]}
        with httpx.Client(base_url=self.rutter.base_url, auth=credentials, params=query) as http:
            http.headers["X-Rutter-Version"] = "2024-08-31"
            items = http.get("/accounting/items").raise_for_status().json()["items"]
            (id_,) = [one["id"] for one in items if one["name"] == item]
            http.patch(f"/accounting/items/{id_}", json={"item": {"status": "archived"}}).raise_for_status()


def test_what_is_in_the_books_is_declared(acme: Acme) -> None:
    assert acme.applied() == (0, "")


@pytest.mark.parametrize(
    ("right", "other", "line"),
    [
        (
            'account = "Undeposited Funds"',
            'account = "Sales"',
            'clearing[0].account = "Sales": that account is of type income; name one of type bank or liab',
        ),
        (
            'refund_policy = "credit_memo"',
            'receivable = "Undeposited Funds"',
            'receivable = "Undeposited Funds": that account is of type other current asset; name one of type accou',
        ),
        (
            'refund_policy = "credit_memo"',
            'income = { code = "400" }',
            'income = code 400: the books have no such account; name one that is there: "4900", "4100", "4000"',
        ),
        (
            'refund_policy = "credit_memo"',
            'terms = "Net 31"',
            'terms = "Net 31": the books have no such payment term; name one that is there: "Net 30", "Net 15"',
        ),
        (
            "[[connections.acme.clearing]]",
            '[[connections.acme.tracking]]\ndimension = "class"\notherwise = "Onlin"\n[[connections.acme.clearing]]',
            'tracking[0].otherwise = "Onlin": the books have no such class; name one that is there: "Online"',
        ),
        (
            'refund_policy = "credit_memo"',
            'fees = "book"',
            'fees = "book": QuickBooks Online: gateway fees does not exist',
        ),
    ],
)
def test_what_is_not_or_not_so_is_refused(acme: Acme, right: str, other: str, line: str) -> None:
    code, said = acme.applied(right, other)

    assert code == 1
    assert said.startswith(f"connections.acme.{line}")
    assert acme.shell.json("status", "--data-dir", acme.data)["connections"] == []


def test_an_archived_item_is_refused(acme: Acme) -> None:
    acme.archive("Tip")

    code, said = acme.applied()

    assert (code, said.partition(",")[0]) == (
        1,
        'connections.acme.items.tip = "Tip": that item is no longer in use; make that item active again',
    )


def test_a_linked_connection_needs_only_its_mapping(acme: Acme) -> None:
    acme.applied()
    acme.text = '[connections.acme]\ntime_zone = "UTC"\nhome_currency = "USD"\nrefund_policy = "customer_refund"\n'
    assert acme.applied() == (0, "")

    acme.text = acme.text.replace("acme", "other")

    assert acme.applied() == (
        1,
        "connection other: not linked yet; give its rutter_connection_id, access_token and platform",
    )
