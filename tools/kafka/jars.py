"""Kafka's jars: fetched once by Maven into a cache, under a lock, and whole or not at all."""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

from tools.parts.unavailable import PartUnavailableError

POM = Path(__file__).with_name("pom.xml")
OLDEST_JAVA = 17  # Kafka 4.0 and later: "Brokers require Java 17" (Kafka: upgrade notes)


def kafka_version() -> str:
    """The version that the POM pins, such as "4.4.0"."""
    found = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([^<]+)</version>", POM.read_text())
    if found is None:
        raise RuntimeError(f"{POM} pins no version of kafka_2.13")
    return found[1]


def jar_directory() -> Path:
    """Where the jars are or will be: one directory for each content of the POM."""
    cache = os.environ.get("LEDGERHOOK_KAFKA_CACHE")
    root = Path(cache) if cache else Path(__file__).parents[2] / ".cache" / "kafka"
    return root.absolute() / f"{kafka_version()}-{hashlib.sha256(POM.read_bytes()).hexdigest()[:8]}"


def missing() -> str | None:
    """What this machine lacks to run Apache Kafka, in a few words; None when it lacks nothing."""
    if shutil.which("java") is None:
        return "java is not on PATH"
    if (version := java_version()) < OLDEST_JAVA:
        return f"java is version {version}, Kafka {kafka_version()} needs {OLDEST_JAVA}"
    if shutil.which("mvn") is None and not jar_directory().exists():
        return "mvn is not on PATH and the jars are not in the cache"
    return None


def java_version() -> int:
    """The main version of the `java` on PATH; 0 when it does not say."""
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else 0


def class_path() -> str:
    """Return java's class path of a Kafka broker, fetching the jars first when they are not in the cache."""
    if (lack := missing()) is not None:
        raise PartUnavailableError(f"Apache Kafka cannot start here: {lack}")
    jars = jar_directory()
    if not jars.exists():
        _fetch(jars)
    return str(jars / "*")


def _fetch(jars: Path) -> None:
    try:
        jars.parent.mkdir(parents=True, exist_ok=True)
        lock = jars.with_suffix(".lock").open("w")
    except OSError as error:
        raise PartUnavailableError(
            f"Apache Kafka's jars cannot be kept in {jars.parent} ({error.strerror}); "
            "set LEDGERHOOK_KAFKA_CACHE to a directory of yours"
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if jars.exists():  # somebody else fetched them while we waited
            return
        partial = jars.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        _copy_dependencies(partial)
        partial.rename(jars)


def _copy_dependencies(target: Path) -> None:
    command = ["mvn", "--quiet", "--batch-mode", "--file", str(POM), "dependency:copy-dependencies"]
    command += [f"-DoutputDirectory={target}", "-DincludeScope=runtime"]
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)  # Java reads the account's home, not $HOME
    if not os.access(home, os.W_OK):
        command.append(f"-Dmaven.repo.local={target.parent / 'maven'}")
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        said = next((line for line in run.stdout.splitlines() if "ERROR" in line), run.stderr.strip())
        raise PartUnavailableError(
            f"mvn could not fetch Apache Kafka {kafka_version()} (LEDGERHOOK_TEST_BROKER=tansu does without): {said}"
        )
