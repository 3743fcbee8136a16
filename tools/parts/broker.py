"""Which Kafka a run uses: Apache Kafka wherever it can run, else the Kafka-protocol broker without Java.

LEDGERHOOK_TEST_BROKER            auto (the default), apache or tansu
LEDGERHOOK_REQUIRE_APACHE_KAFKA   1: anything but Apache Kafka is a failure
CI                                set: where there is a java, anything but Apache Kafka is a failure
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol, assert_never

from tools.kafka import apache_kafka, jars
from tools.parts.tansu import tansu
from tools.parts.unavailable import PartUnavailableError


class Broker(Protocol):
    """What `ApacheKafka` and `Tansu` have in common."""

    @property
    def name(self) -> str:
        """Which it is, with its version where known."""

    @property
    def bootstrap(self) -> str:
        """`host:port`, several joined by commas."""

    @property
    def idempotent(self) -> bool:
        """Whether idempotent producers work."""

    @property
    def durable(self) -> bool:
        """Whether records outlast stop and start."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...


@dataclass(frozen=True)
class Choice:
    """Which broker, and why, in a few words."""

    broker: Literal["apache", "tansu"]
    why: str


def choose() -> Choice:
    """Decide by the environment and by what this machine has.

    Raises:
        PartUnavailableError: Apache Kafka is insisted on and cannot run here.
    """
    asked = os.environ.get("LEDGERHOOK_TEST_BROKER") or "auto"
    if asked not in {"auto", "apache", "tansu"}:
        raise PartUnavailableError(f"LEDGERHOOK_TEST_BROKER is {asked!r}; it may be auto, apache or tansu")
    if asked == "tansu":
        if _required():
            raise PartUnavailableError("LEDGERHOOK_TEST_BROKER=tansu, but LEDGERHOOK_REQUIRE_APACHE_KAFKA=1")
        return Choice("tansu", "LEDGERHOOK_TEST_BROKER says so")
    lack = jars.missing()
    if lack is None:
        return Choice("apache", "java and the jars or mvn are here")
    if asked == "apache" or insisted():
        raise PartUnavailableError(f"Apache Kafka is insisted on and cannot start here: {lack}")
    return Choice("tansu", f"no Apache Kafka: {lack}")


def insisted() -> bool:
    """Whether a run may not make do with another broker than Apache Kafka."""
    on_ci = bool(os.environ.get("CI")) and shutil.which("java") is not None
    return _required() or (on_ci and os.environ.get("LEDGERHOOK_TEST_BROKER") != "tansu")


@contextmanager
def kafka_protocol_broker() -> Iterator[Broker]:
    """Start the broker that `choose` names; stop it at the end.

    Raises:
        PartUnavailableError: it cannot start here; one line says why. Never another broker instead.
    """
    choice = choose().broker
    match choice:
        case "apache":
            with apache_kafka() as kafka:
                yield kafka
        case "tansu":
            with tansu() as other:
                yield other
        case _:
            assert_never(choice)


def _required() -> bool:
    return os.environ.get("LEDGERHOOK_REQUIRE_APACHE_KAFKA") == "1"
