"""`connect`, `connections` and `sweep` as a shell calls them, beside a sandbox."""

from pathlib import Path

import httpx
import pytest

from sandbox.server import Sandbox
from tests.cli.conftest import Shell, rutter

__all__ = ["rutter"]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, rutter: Sandbox, tmp_path: Path) -> Shell:
    """With the sandbox's credentials, and an empty trail."""
    settings = {
        "DATA_DIR": str(tmp_path / "data"),
        "RUTTER_BASE_URL": rutter.base_url,
        "RUTTER_CLIENT_ID": rutter.settings.client_id,
        "RUTTER_CLIENT_SECRET": rutter.settings.client_secret,
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"LEDGERHOOK_{name}", value)
    made = Shell()
    made.good("migrate")
    return made


def test_from_a_link_to_ready(shell: Shell) -> None:
    made = shell.json("connect", "acme", "--time-zone", "America/New_York")
    assert (made["alias"], made["state"]) == ("acme", "waiting")
    assert shell.good("connect", "acme").splitlines()[0] == made["link_url"]
    assert made["link_url"] in shell.good("connections")

    assert httpx.post(made["link_url"], data={"platform": "xero"}, trust_env=False).status_code == 200
    [one] = shell.json("connections", "--ask")
    assert (one["state"], one["platform"], one["home_currency"]) == ("ready", "XERO", "USD")
    assert made["link_url"] not in shell.good("connections")


def test_a_broken_one_is_shown_with_the_reason(shell: Shell, rutter: Sandbox) -> None:
    company = httpx.post(f"{rutter.url}/_sandbox/connections", json={"platform": "XERO"}, trust_env=False).json()
    shell.good("connect", "acme", "--time-zone", "UTC", "--rutter-id", company["connection_id"])
    state = {"connection_id": company["connection_id"], "state": "disabled", "reason": "CERT_EXPIRED"}
    httpx.post(f"{rutter.url}/_sandbox/connections/state", json=state, trust_env=False)
    shown = shell.good("connections", "--ask")
    assert "disabled" in shown
    assert "certificate of the merchant's system has expired (CERT_EXPIRED)" in shown
    assert f"/_sandbox/link/{company['connection_id']}" in shown


def test_a_search_of_books_without_documents(shell: Shell, rutter: Sandbox) -> None:
    company = httpx.post(f"{rutter.url}/_sandbox/connections", json={"platform": "XERO"}, trust_env=False).json()
    shell.good("connect", "acme", "--time-zone", "UTC", "--rutter-id", company["connection_id"])
    assert shell.json("sweep", "acme") == {"read": 0, "noticed": []}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("connect", "acme"), "acme is not connected yet: give its --time-zone"),
        (("connect", "acme", "--time-zone", "Mars"), "time zone: no time zone"),
        (("connect", "acme", "--time-zone", "UTC", "--rutter-id", "x"), "Rutter lists no connection of that id"),
        (("sweep", "acme"), "no connection acme"),
    ],
)
def test_what_cannot_be_done_is_said(shell: Shell, words: tuple[str, ...], says: str) -> None:
    assert shell.fails(*words).startswith(says)


def test_credentials_are_needed(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEDGERHOOK_RUTTER_CLIENT_SECRET")
    assert shell.fails("connections", "--ask").startswith("Rutter's credentials are not set")
