"""Fails when a Python file passes 300 lines: that is usually two nouns in one room."""

import subprocess
import sys
from pathlib import Path

LIMIT = 300


def main() -> int:
    """Print every tracked Python file over the limit, and return how the shell should end."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"], check=True, capture_output=True, text=True
    ).stdout.split()
    present = [name for name in listed if Path(name).exists()]
    sizes = {name: len(Path(name).read_text(encoding="utf-8").splitlines()) for name in present}
        name: len(Path(name).read_text(encoding="utf-8").splitlines())
        for name in listed
        if Path(name).exists()
    }
    over = {name: size for name, size in sizes.items() if size > LIMIT}
    for name, size in sorted(over.items()):
        print(f"{name}: {size} lines, over {LIMIT}; split it by what it says")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
