"""Which broker a run takes, by the environment and by what is on PATH."""

from pathlib import Path

import pytest

from tools.kafka import jars
from tools.parts.broker import choose
from tools.parts.unavailable import PartUnavailableError

SETTINGS = ("LEDGERHOOK_TEST_BROKER", "LEDGERHOOK_REQUIRE_APACHE_KAFKA", "CI")


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.skipif(jars.missing() is not None, reason=f"Apache Kafka: {jars.missing()}")
def test_apache_kafka_wherever_it_runs() -> None:
    assert choose().broker == "apache"


@pytest.mark.usefixtures("no_java")
def test_tansu_without_java() -> None:
    choice = choose()
    assert (choice.broker, choice.why) == ("tansu", "no Apache Kafka: java is not on PATH")


@pytest.mark.usefixtures("no_java")
@pytest.mark.parametrize("said", [("LEDGERHOOK_TEST_BROKER", "apache"), ("LEDGERHOOK_REQUIRE_APACHE_KAFKA", "1")])
def test_insisting_on_apache_kafka_fails_without_java(monkeypatch: pytest.MonkeyPatch, said: tuple[str, str]) -> None:
    monkeypatch.setenv(*said)
    with pytest.raises(PartUnavailableError, match="insisted on and cannot start here: java is not on PATH"):
        choose()


def test_ci_with_java_and_without_jars_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"17.0.15\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LEDGERHOOK_KAFKA_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(PartUnavailableError, match="mvn is not on PATH and the jars are not in the cache"):
        choose()


def test_old_java_is_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert jars.missing() == "java is version 8, Kafka 4.4.0 needs 17"


def test_a_misspelt_broker_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGERHOOK_TEST_BROKER", "kafak")
    with pytest.raises(PartUnavailableError, match="is 'kafak'; it may be auto, apache or tansu"):
        choose()
