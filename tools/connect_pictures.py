"""Draws the pictures of connecting and of what was noticed, from `ledgerhook up --sandbox` and its own Rutter Link.

`python -m tools.connect_pictures`; needs Chromium (tools/browser.py says where it is looked for).
"""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect, sync_playwright

from tools.browser import find_browser
from tools.pictures import IMAGES, PROGRAM, shoot


@dataclass(frozen=True)
class Played:
    """A rehearsal that runs."""

    console: str
    token: str
    sandbox: str
    directory: Path

    def control(self, name: str, asked: dict[str, Any]) -> None:
        """One of the sandbox's controls."""
        httpx.post(f"{self.sandbox}/_sandbox/{name}", json=asked, trust_env=False).raise_for_status()

    def invoices(self, connection_id: str) -> list[str]:
        """Rutter's ids of those in the books."""
        query = {"connection_id": connection_id}
        told = httpx.get(f"{self.sandbox}/_sandbox/books", params=query, trust_env=False).raise_for_status().json()
        return [one["id"] for one in told["documents"] if one["type"] == "invoice"]

    def connections(self) -> dict[str, str]:
        """Alias -> Rutter's id."""
        headers = {"authorization": f"Bearer {self.token}"}
        told = httpx.get(f"{self.console}/api/connections", headers=headers, trust_env=False).raise_for_status().json()
        return {one["alias"]: one["rutter_id"] for one in told["connections"]}


def main() -> None:
    """Click through it once, in a laptop's window."""
    browser = find_browser()
    if browser.path is None:
        sys.exit(browser.reason)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, _rehearsal(Path(directory)) as played, sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = driver.chromium.launch(executable_path=str(browser.path), args=flags)
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=1.5)
        page = context.new_page()
        page.goto(f"{played.console}/login?next=/connect")
        page.fill("input[type=password]", played.token)
        page.press("input[type=password]", "Enter")
        _connecting(page, played)
        _noticed(page, played)
        chromium.close()


def _connecting(page: Page, played: Played) -> None:
    form = page.locator("form[data-link]")
    form.get_by_label("Alias").fill("acme")
    form.get_by_label("Time zone").fill("America/New_York")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Connect", exact=True).click()
    popup.value.wait_for_load_state()
    shoot(page, "connect")
    shoot(popup.value, "connect-link")
    popup.value.get_by_role("button", name="Xero").click()
    popup.value.get_by_role("button", name="Sign in and connect").click()
    expect(page.get_by_role("heading", name="acme")).to_contain_text("ready")
    shoot(page, "connect-ready")
    played.control("connections/state", {"connection_id": played.connections()["acme"], "state": "needs_update"})
    expect(page.locator(".send")).to_be_visible(timeout=20_000)
    shoot(page, "connect-again")


def _noticed(page: Page, played: Played) -> None:
    """Three orders are posted; then somebody works in the books."""
    alias = next(one for one in played.connections() if one.startswith("rehearsal-"))
    company = played.connections()[alias]
    played.control("switches", {"object_webhooks": True})
    sample = (played.directory / "rehearsal" / "order.json").read_text("utf-8")
    number = re.search(r'"number":\s*"([^"]+)"', sample)
    for one in ("A", "B", "C"):
        body = sample if number is None else sample.replace(number[1], f"{number[1]}{one}")
        (played.directory / "one.json").write_text(body, "utf-8")
        words = [
            str(PROGRAM),
            "send",
            "events-1",
            str(played.directory / "one.json"),
            "--data-dir",
            str(played.directory),
        ]
        subprocess.run([*words, "--url", _public(played)], check=True, stdout=subprocess.DEVNULL)
    paid, void, gone = _until(lambda: played.invoices(company), 3)
    played.control("documents/pay", {"connection_id": company, "id": paid, "amount": 5})
    played.control("documents/void", {"connection_id": company, "type": "invoice", "id": void})
    played.control("documents/replace", {"connection_id": company, "id": gone})
    page.goto(f"{played.console}/noticed")
    expect(page.locator("tbody tr")).to_have_count(3, timeout=60_000)
    shoot(page, "noticed")


def _until(look: Callable[[], list[str]], wanted: int) -> list[str]:
    for _ in range(300):
        found = look()
        if len(found) == wanted:
            return found
        time.sleep(0.1)
    sys.exit("the invoices were not posted")


def _public(played: Played) -> str:
    told = (played.directory / "rehearsal" / "sandbox.env").read_text("utf-8")
    found = re.search(r"LEDGERHOOK_PUBLIC_URL=(\S+)", told)
    return found[1].strip("'") if found else sys.exit("the rehearsal has no public address")


@contextmanager
def _rehearsal(directory: Path) -> Iterator[Played]:
    process = subprocess.Popen(
        [PROGRAM, "up", "--sandbox", "--data-dir", directory, "--public-port", "0", "--admin-port", "0"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        console = sandbox = None
        for line in process.stderr or ():
            console = console or re.search(r"console\s+(http://[^\s/]+)", line)
            sandbox = sandbox or re.search(r"sandbox\s+(http://[^\s/]+)", line)
            if console and sandbox:
                break
        if not console or not sandbox:
            sys.exit("the rehearsal did not start")
        time.sleep(0.5)  # the rest of what it says
        token = (directory / "admin.token").read_text("utf-8").strip()
        yield Played(console[1], token, sandbox[1], directory)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


if __name__ == "__main__":
    main()
