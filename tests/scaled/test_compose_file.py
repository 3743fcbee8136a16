"""What compose.yaml and the Dockerfile promise, read off the files themselves."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.scaled.compose_file import FILE, MissingVariableError, Service, read

SECRETS = {
    "POSTGRES_PASSWORD": "a-password",
    "LEDGERHOOK_ENCRYPTION_KEYS": "k1:a-key",
    "LEDGERHOOK_ADMIN_TOKEN": "a-token",
}
DOCKERFILE = (FILE.parent / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    return read(SECRETS)


def test_its_services(services: dict[str, Service]) -> None:
    assert set(services) == {"migrate", "web", "worker", "kafka", "postgres"}


@pytest.mark.parametrize("missing", SECRETS)
def test_it_does_not_start_without_a_secret(missing: str) -> None:
    with pytest.raises(MissingVariableError, match=f"^{missing}: run `ledgerhook init` first$"):
        read({name: value for name, value in SECRETS.items() if name != missing})


def test_no_secret_stands_in_it() -> None:
    document: dict[str, Any] = yaml.safe_load(FILE.read_text())
    for service in document["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEYS|TOKEN", name):
                assert re.fullmatch(r"\$\{[^}]+\}", value), name
            if "://" in value and "@" in value:
                assert re.search(r"://ledgerhook:\$\{POSTGRES_PASSWORD:\?[^}]+\}@", value), name


def test_migrations_are_through_before_a_role_starts(services: dict[str, Service]) -> None:
    for role in ("web", "worker"):
        assert services[role].document["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"].document["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "kafka": {"condition": "service_healthy"},
    }


def test_what_runs_for_long_has_a_health_check(services: dict[str, Service]) -> None:
    for name in ("web", "worker", "kafka", "postgres"):
        assert services[name].healthcheck, name


def test_apache_kafka_4_and_no_zookeeper(services: dict[str, Service]) -> None:
    kafka = services["kafka"]
    assert re.fullmatch(r"apache/kafka:4\.\d+\.\d+", kafka.document["image"])
    assert kafka.environment["KAFKA_PROCESS_ROLES"] == "broker,controller"
    assert kafka.environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert kafka.environment["KAFKA_LOG_DIRS"] == "/var/lib/kafka/data"
    assert kafka.document["volumes"] == ["kafka:/var/lib/kafka/data"]


def test_only_webhooks_are_open_to_the_network(services: dict[str, Service]) -> None:
    assert services["web"].document["ports"] == ["8080:8080", "127.0.0.1:8081:8081"]
    assert not any("ports" in services[name].document for name in ("worker", "kafka", "postgres", "migrate"))


def test_our_containers_may_do_little(services: dict[str, Service]) -> None:
    for name in ("migrate", "web", "worker"):
        document = services[name].document
        assert (document["read_only"], document["cap_drop"]) == (True, ["ALL"])
        assert document["security_opt"] == ["no-new-privileges:true"]
        assert document["stop_grace_period"] == "15s"


def test_the_image_is_glibc_and_not_root() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert stages == ["python:3.11-slim", "python:3.11-slim"]
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER (?!root|0\b)\w+$", last, re.MULTILINE)
    assert "STOPSIGNAL SIGTERM" in last


def test_what_the_image_copies_is_there() -> None:
    copied = [
        line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    missing = [name for names in copied for name in names if not (FILE.parent / name).exists()]
    assert missing == []
    assert {"schemas", "handlers", "consumers", "service", "sandbox"} <= {
        Path(name).name for names in copied for name in names
    }
