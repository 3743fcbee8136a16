"""Every page of the guide, followed to the letter in a directory of its own: what it shows is what comes."""

import re
import shutil
import socket
import sys
from pathlib import Path

import pytest

from tools.console_blocks import run_page

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PAGES = sorted(GUIDE.glob("[0-9]-*.md"))
PUBLIC, ADMIN, FILES = "8080", "8081", "8000"
"""The ports that the pages show; tests run side by side, on others."""
NEEDED = [name for name in ("curl", "jq") if shutil.which(name) is None]


def free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def test_there_is_a_page_for_each_step() -> None:
    assert [page.stem[:1] for page in PAGES] == ["1", "2", "3", "4", "5"]


@pytest.mark.skipif(bool(NEEDED), reason=f"the guide's reader has {', '.join(NEEDED)}, this machine has not")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_the_page_shows_is_what_comes(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ports = {port: free_port() for port in (PUBLIC, ADMIN, FILES)}
    text = re.sub(r"\b(8080|8081|8000)\b", lambda found: ports[found[0]], page.read_text("utf-8"))
    monkeypatch.delenv("LEDGERHOOK_DATA_DIR", raising=False)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "NO_COLOR": "1",
        "COLUMNS": "110",
        "LEDGERHOOK_PUBLIC_PORT": ports[PUBLIC],
        "LEDGERHOOK_ADMIN_PORT": ports[ADMIN],
    }
    assert "\n\n".join(map(str, run_page(text, tmp_path, environment))) == ""
