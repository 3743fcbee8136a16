"""Draws docs/images/ from the real thing: the demo's terminal, and the console over the trail that the demo left.

`python tools/pictures.py`; needs Chromium (tools/browser.py says where it is looked for).
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.text import Text

from tools.browser import find_browser

IMAGES: Final = Path("docs/images")
PROGRAM: Final = Path(sys.executable).parent / "ledgerhook"
COLUMNS: Final = 104


def main() -> None:
    """Play the demo once, picture its terminal, then the console over its trail."""
    browser = find_browser()
    if browser.path is None:
        sys.exit(browser.reason)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        _terminal(directory)
        with _console(directory) as (url, token):
            _pages(str(browser.path), url, token)


def _terminal(directory: str) -> None:
    environment = os.environ | {"FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "COLUMNS": str(COLUMNS)}
    ended = subprocess.run(
        [PROGRAM, "demo", "--data-dir", directory],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
    )  # fmt: skip
    console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - nothing is written there
    console.print(Text("$ make demo", style="bold"))
    console.print(Text.from_ansi(ended.stdout))
    (IMAGES / "demo.svg").write_text(console.export_svg(title="make demo"), encoding="utf-8")


class _console:  # noqa: N801 - read as a statement: with _console(directory)
    def __init__(self, directory: str) -> None:
        self._directory = directory

    def __enter__(self) -> tuple[str, str]:
        self._process = subprocess.Popen(
            [PROGRAM, "up", "--data-dir", self._directory, "--public-port", "0", "--admin-port", "0"],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        for line in self._process.stderr or ():
            found = re.search(r"console\s+(http://\S+)/", line)
            if found:
                return found[1], (Path(self._directory) / "admin.token").read_text("utf-8").strip()
        sys.exit("the console did not start")

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(15)


def _pages(chromium: str, url: str, token: str) -> None:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for name, width, height in (("", 1280, 800), ("-phone", 390, 844)):
            page = opened.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
            page.goto(url)
            page.fill("input[type=password]", token)
            page.press("input[type=password]", "Enter")
            page.wait_for_load_state()
            shoot(page, f"console{name}")
            page.goto(f"{url}/tie-out")
            shoot(page, f"tie-out{name}")
            page.goto(f"{url}/documents?kind=invoice_credit_memo")
            page.click("table a >> nth=0")
            page.wait_for_load_state()
            shoot(page, f"story{name}")
            page.close()
        opened.close()


def shoot(page: Page, name: str) -> None:
    """One picture."""
    time.sleep(0.2)  # fonts settle
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
