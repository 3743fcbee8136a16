"""Draws docs/images/setup.svg and mapping.png: `ledgerhook setup` from a connection without a mapping to its first
posted invoice, and the console's page of the same mapping.

`python -m tools.setup_pictures`; the page needs Chromium (tools/browser.py says where it is looked for).
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

from service.cli.sample_events import sample_events
from tools.browser import find_browser
from tools.pictures import COLUMNS, IMAGES, PROGRAM

_FILE: Final = """\
[connections.acme]
rutter_connection_id = "{connection_id}"
access_token = {{ env = "ACME_TOKEN" }}
platform = "QUICKBOOKS"
time_zone = "America/New_York"

[sources.shop]
kind = "cloudevents"
connection = "acme"
secrets = [{{ env = "SHOP_SECRET" }}]
"""
_SECONDS: Final = 60


def main() -> None:
    """Play it once, and picture it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, _sandbox() as url:
        company = httpx.post(f"{url}/_sandbox/connections", json={"platform": "QUICKBOOKS"}).raise_for_status().json()
        place = _Place(Path(directory), url, company)
        (place.directory / "linked.toml").write_text(_FILE.format(**company), "utf-8")
        place.said("migrate")
        place.said("apply", "linked.toml")
        with place.up() as (admin, public):
            shown = [
                ("$ ledgerhook setup acme", place.said("setup", "acme", typed="\n" * 5)),
                ("$ ledgerhook send shop order.json", place.sent(public)),
                ("$ ledgerhook documents", place.posted()),
            ]
            _draw(shown)
            _page(admin, (place.directory / "data/admin.token").read_text("utf-8").strip())


class _Place:
    """A directory with a data directory, and an environment that points to the sandbox."""

    def __init__(self, directory: Path, url: str, company: dict[str, str]) -> None:
        self.directory = directory
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("LEDGERHOOK_")} | {
            "LEDGERHOOK_RUTTER_BASE_URL": f"{url}/versioned",
            "LEDGERHOOK_RUTTER_CLIENT_ID": "sandbox-client-id",
            "LEDGERHOOK_RUTTER_CLIENT_SECRET": "sandbox-client-secret",
            "ACME_TOKEN": company["access_token"],
            "SHOP_SECRET": "a-bearer-of-the-picture",
            "FORCE_COLOR": "1",
            "COLUMNS": str(COLUMNS),
        }

    def said(self, *words: str, typed: str = "") -> str:
        """What a command prints."""
        return subprocess.run(
            [PROGRAM, *words, "--data-dir", "data"],
            cwd=self.directory, env=self.environment, input=typed, text=True, check=True, stdout=subprocess.PIPE,
        ).stdout  # fmt: skip

    def sent(self, public: str) -> str:
        """The first order."""
        at = datetime.now(UTC)
        (self.directory / "order.json").write_bytes(sample_events("acme", "shop", "1001", at)["order"])
        return self.said("send", "shop", "order.json", "--url", public)

    def posted(self) -> str:
        """The documents, once there are some and all are in the books."""
        ends = time.monotonic() + _SECONDS
        while time.monotonic() < ends:
            there = json.loads(self.said("documents", "--json"))["documents"]
            if any(one["key"] == "invoice:1001" and one["state"] == "written" for one in there):
                return self.said("documents")
            time.sleep(0.1)
        sys.exit("the first invoice was not posted")

    @contextmanager
    def up(self) -> Iterator[tuple[str, str]]:
        """The service: where the console and the webhooks are."""
        words = ["up", "--data-dir", "data", "--public-port", "0", "--admin-port", "0"]
        plain = {name: value for name, value in self.environment.items() if name != "FORCE_COLOR"}
        with subprocess.Popen(
            [PROGRAM, *words],
            cwd=self.directory,
            env=plain,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            yield _told(process, r"console\s+(http://[0-9.:]+)", r"webhooks\s+(http://[0-9.:]+)")
            process.send_signal(signal.SIGTERM)


def _told(process: "subprocess.Popen[str]", one: str, other: str) -> tuple[str, str]:
    said = ""
    for line in process.stderr or ():
        said += line
        first, second = re.search(one, said), re.search(other, said)
        if first and second:
            return first[1], second[1]
    sys.exit(f"it did not start: {said}")


@contextmanager
def _sandbox() -> Iterator[str]:
    with subprocess.Popen(
        [PROGRAM, "sandbox", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            found = re.search(r"http://[0-9.:]+", line)
            if found:
                yield found[0]
                break
        process.send_signal(signal.SIGTERM)


def _draw(shown: list[tuple[str, str]]) -> None:
    console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - nothing is written there
    for command, said in shown:
        console.print(Text(command, style="bold"))
        console.print(Text.from_ansi(said))
    (IMAGES / "setup.svg").write_text(console.export_svg(title="ledgerhook setup"), encoding="utf-8")


def _page(admin: str, token: str) -> None:
    browser = find_browser()
    if browser.path is None:
        sys.exit(browser.reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(browser.path), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = opened.new_page(viewport={"width": 1280, "height": 1000}, device_scale_factor=1.5)
        page.goto(f"{admin}/")
        page.fill("input[type=password]", token)
        page.press("input[type=password]", "Enter")
        page.wait_for_load_state()
        page.goto(f"{admin}/connections/mapping?connection=acme")
        time.sleep(0.2)  # fonts settle
        page.screenshot(path=IMAGES / "mapping.png")
        opened.close()


if __name__ == "__main__":
    main()
