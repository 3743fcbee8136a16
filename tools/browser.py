"""Finds a Chromium for the browser tests: `python -m tools.browser` prints its path, or why there is none."""

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, Locator, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Browser:
    """`path` of a Chromium, or None and the reason."""

    path: Path | None
    reason: str


def find_browser() -> Browser:
    """Look for the system's Chromium on PATH first, then for the one that Playwright may have fetched."""
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return Browser(Path(found), f"{name} on PATH")
    with ThreadPoolExecutor(1) as aside:  # Playwright's blocking interface refuses a thread that runs a loop
        fetched = aside.submit(_playwrights_own).result()
    if fetched is not None:
        return Browser(fetched, "fetched by Playwright")
    return Browser(None, f"no browser: none of {', '.join(NAMES)} is on PATH (apt-get install chromium)")


def click_and_close(button: Locator) -> None:
    """Click what closes its own window: the window may be gone before the click is told to have worked.

    Whether it did is seen by what follows from it.
    """
    with suppress(Error):
        button.click()


def _playwrights_own() -> Path | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


def main() -> int:
    """Print the path, or the reason to stderr; return the exit code."""
    browser = find_browser()
    print(browser.path or browser.reason, file=sys.stdout if browser.path else sys.stderr)
    return 0 if browser.path else 1


if __name__ == "__main__":
    sys.exit(main())
