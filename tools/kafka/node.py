"""One Kafka node, broker and controller in one process: its settings, its storage, its command line."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.parts.child import Child
from tools.parts.unavailable import PartUnavailableError


@dataclass(frozen=True)
class NodePorts:
    """The two ports of one node: clients' and the controllers' own."""

    node_id: int
    client: int
    controller: int


def settings(node: NodePorts, everyone: tuple[NodePorts, ...], data: Path) -> str:
    """Write server.properties for one node of the cluster `everyone`."""
    copies = min(3, len(everyone))
    voters = ",".join(f"{peer.node_id}@127.0.0.1:{peer.controller}" for peer in everyone)
    listeners = f"PLAINTEXT://127.0.0.1:{node.client},CONTROLLER://127.0.0.1:{node.controller}"
    values = {
        "process.roles": "broker,controller",
        "node.id": node.node_id,
        "controller.quorum.voters": voters,
        "controller.listener.names": "CONTROLLER",
        "listeners": listeners,
        "advertised.listeners": listeners,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
        "default.replication.factor": copies,
        "min.insync.replicas": max(1, copies - 1),
        "unclean.leader.election.enable": "false",
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 3,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": max(1, copies - 1),
        "transaction.state.log.num.partitions": 3,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": max(1, copies - 1),
        # What a fresh cluster otherwise waits for before the first group gets its partitions.
        "group.initial.rebalance.delay.ms": 0,
        # Small buffers: the default would take a quarter of this heap at start.
        "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
        # Tests kill brokers: a dead one is fenced, its partitions led by others, soon. Also how long a killed
        # one waits at its next start before the controller believes that the former self is gone.
        "broker.session.timeout.ms": 4000,
        "broker.heartbeat.interval.ms": 500,
        "controller.quorum.election.timeout.ms": 500,
        "controller.quorum.fetch.timeout.ms": 1000,
        "controller.quorum.election.backoff.max.ms": 500,
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def java(class_path: str, *, heap_megabytes: int, quick_start: bool) -> list[str]:
    """The start of java's command line for Kafka's programs."""
    command = ["java", f"-Xmx{heap_megabytes}m", "-Xms64m", "-XX:+UseSerialGC", "-Xshare:auto"]
    if quick_start:
        # Only the first, cheap compiler: up in half the time, slower once warm. Benches turn it off.
        command.append("-XX:TieredStopAtLevel=1")
    command += ["-Djava.awt.headless=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
    command += ["-Dorg.slf4j.simpleLogger.showDateTime=true", "-cp", class_path]
    return command


def start_formatting(java_command: list[str], cluster_id: str, properties: Path) -> subprocess.Popen[bytes]:
    """Start Kafka's storage tool on a node's empty data directory; several may run side by side."""
    command = [*java_command, "kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(properties)]
    output = (properties.parent / "format.log").open("wb")
    with output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment()
        )


def finish_formatting(tool: subprocess.Popen[bytes], properties: Path) -> None:
    if tool.wait() != 0:
        said = (properties.parent / "format.log").read_text(errors="replace").strip()
        raise PartUnavailableError(f"Kafka's storage could not be formatted: {said}")


def server(java_command: list[str], properties: Path) -> Child:
    """The broker's program, not yet started."""
    return Child(
        [*java_command, "kafka.Kafka", str(properties)],
        log=properties.parent / "server.log",
        directory=properties.parent,
        environment=environment(),
    )


def environment() -> dict[str, str]:
    """Our environment without the variables by which a shell changes java's or Kafka's options."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KAFKA_") and name not in {"CLASSPATH", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}
    }
