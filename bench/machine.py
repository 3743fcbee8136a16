"""Facts of the machine that a ratio may depend on."""

import os
import platform
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

_WRITES = 200


def facts() -> dict[str, Any]:
    """What it is, and how busy it is now."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": sqlite3.sqlite_version,
        "disk_sync_ms": round(_disk_sync() * 1000, 2),
        "load_average_before": round(os.getloadavg()[0], 2),
    }


def load_average() -> float:
    """Of the last minute."""
    return round(os.getloadavg()[0], 2)


def _cpu() -> str:
    told = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in _lines(told) if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _disk_sync() -> float:
    """The median time of a small write that waits for the disk, where the embedded trail would be."""
    taken: list[float] = []
    with tempfile.TemporaryFile() as file:
        for _ in range(_WRITES):
            began = time.perf_counter()
            os.write(file.fileno(), b"x" * 8192)
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return median(taken)
