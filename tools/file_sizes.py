"""Fails when a Python file passes 300 lines: that is usually two nouns in one room."""

import subprocess
import sys
from pathlib import Path

LIMIT = 300


def main() -> int:
    """Print every Python file over the limit that git tracks or would; return the exit code."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"], check=True, capture_output=True, text=True
    ).stdout.split()
    present = [Path(name) for name in listed if Path(name).exists()]
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in present}
    over = {path: size for path, size in sizes.items() if size > LIMIT}
    for path, size in sorted(over.items()):
        print(f"{path}: {size} lines, over {LIMIT}; split it by what it says")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
