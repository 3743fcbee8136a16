"""A cluster of one or more nodes that can be stopped, started, killed, frozen and thawed, each or all."""

import base64
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.kafka import jars, node
from tools.parts.child import Child
from tools.parts.kafka_ready import wait_until_ready
from tools.parts.ports import free_ports
from tools.parts.room import temporary_directory


class ApacheKafka:
    """Apache Kafka on 127.0.0.1. Ports and data outlast stop, kill and start; they end with the `with` block.

    Every method takes the nodes meant, counted from 0; none named means all of them.

    Attributes:
        bootstrap: `host:port` of every node, joined by commas.
        name: "Apache Kafka 4.x.y".
        idempotent: whether idempotent producers work.
        durable: whether records outlast a restart.
    """

    idempotent = True
    durable = True

    def __init__(self, servers: list[Child], addresses: list[str]) -> None:
        self.name = f"Apache Kafka {jars.kafka_version()}"
        self.addresses = addresses
        self.bootstrap = ",".join(addresses)
        self._servers = servers

    def start(self, *nodes: int) -> None:
        """Start the nodes that do not run and wait until the cluster's metadata names every one that does."""
        for server in self._meant(nodes):
            if not server.running:
                server.kill()  # reaps one that ended by itself
                server.start()
        running = [at for at, server in enumerate(self._servers) if server.running]
        answering = ",".join(self.addresses[at] for at in running)
        waited = wait_until_ready(
            answering, brokers=len(running), alive=lambda: all(self._servers[at].running for at in running)
        )
        if not waited:
            ended = next((server for server in self._servers if not server.running), self._servers[0])
            raise ended.failed(self.name)

    def stop(self, *nodes: int) -> None:
        """SIGTERM, then SIGKILL after 20 s."""
        for server in self._meant(nodes):
            server.stop()

    def kill(self, *nodes: int) -> None:
        """SIGKILL."""
        for server in self._meant(nodes):
            server.kill()

    def freeze(self, *nodes: int) -> None:
        """SIGSTOP: connections stay open and nobody answers."""
        for server in self._meant(nodes):
            server.freeze()

    def thaw(self, *nodes: int) -> None:
        for server in self._meant(nodes):
            server.thaw()

    def pids(self) -> list[int]:
        """The process ids of the nodes that run."""
        return [server.pid for server in self._servers if server.running]

    def _meant(self, nodes: tuple[int, ...]) -> list[Child]:
        return [self._servers[at] for at in nodes] if nodes else list(self._servers)


@contextmanager
def apache_kafka(*, nodes: int = 1, heap_megabytes: int = 512, quick_start: bool = True) -> Iterator[ApacheKafka]:
    """Start Apache Kafka with fresh data; stop it and remove the data at the end.

    Args:
        nodes: brokers, each a controller too. From 3 on topics have 3 copies, of which 2 must answer.
        quick_start: up sooner and slower once warm; benches say False.

    Raises:
        PartUnavailableError: java or mvn is missing, or the broker did not come up; one line says what.
    """
    command = node.java(jars.class_path(), heap_megabytes=heap_megabytes, quick_start=quick_start)
    with temporary_directory("kafka") as directory:
        cluster = _lay_out(command, directory, nodes)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.kill()  # the data go with it: there is nothing to put in order


def _lay_out(command: list[str], directory: Path, count: int) -> ApacheKafka:
    """Write each node's settings, format its storage and name its program; start none."""
    ports = free_ports(2 * count)
    everyone = tuple(node.NodePorts(at + 1, ports[2 * at], ports[2 * at + 1]) for at in range(count))
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")
    written: list[Path] = []
    for one in everyone:
        home = directory / f"node-{one.node_id}"
        home.mkdir()
        written.append(home / "server.properties")
        written[-1].write_text(node.settings(one, everyone, home / "data"))
    tools = [node.start_formatting(command, cluster_id, properties) for properties in written]
    for tool, properties in zip(tools, written, strict=True):
        node.finish_formatting(tool, properties)
    servers = [node.server(command, properties) for properties in written]
    return ApacheKafka(servers, [f"127.0.0.1:{one.client}" for one in everyone])
