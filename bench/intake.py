"""Intake: what a signed delivery costs, against the same server stack that reads the body and answers 202."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace

from bench.figures import Figure, Goal, against_ceiling
from bench.loading import Generator, Load, Server
from bench.parts import Parts
from bench.programs import Program
from bench.scale import Scale
from bench.shop import furnish
from service.installation import TRAIL_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way in, with its goals."""

    name: str
    cpu: float
    a_second: float
    server: Server


def measure(parts: Parts, scale: Scale, step: Callable[[str], None]) -> Iterator[Figure]:
    """Embedded and Kafka; the ceiling takes its turn before each."""
    with ExitStack() as stack:
        generator = Generator(parts, stack)
        ceiling = _server(parts.program(stack, "bench.subjects.ceiling"), repeats=True)
        ways = [
            _Way(name="embedded", cpu=4.0, a_second=0.22, server=_embedded(parts, stack)),
            _Way(name="kafka", cpu=3.0, a_second=0.32, server=_scaled(parts, stack)),
        ]
        for server in (ceiling, *(way.server for way in ways)):
            generator.load(server, scale.warm_up_seconds, scale.connections)
        for way in ways:
            yield from _way_in(way, ceiling, generator, scale, step)


def _way_in(
    way: _Way, ceiling: Server, generator: Generator, scale: Scale, step: Callable[[str], None]
) -> Iterator[Figure]:
    full: list[tuple[Load, Load]] = []
    for turn in range(scale.rounds):
        step(f"intake {way.name}: as fast as answered, round {turn + 1} of {scale.rounds}")
        best = generator.load(ceiling, scale.load_seconds, scale.connections)
        full.append((generator.load(way.server, scale.load_seconds, scale.connections), best))
    yield against_ceiling(
        f"intake.{way.name}.cpu",
        f"{way.name}: CPU of the web process per delivery",
        "ms",
        [(ours.cpu * 1000, best.cpu * 1000) for ours, best in full],
        Goal(sense="at most", bound=way.cpu),
    )
    yield _orders(way, ceiling, generator, scale, step)
    most = against_ceiling(
        f"intake.{way.name}.rate",
        f"{way.name}: deliveries a second",
        "/s",
        [(ours.a_second, best.a_second) for ours, best in full],
        Goal(sense="at least", bound=way.a_second),
    )
    yield most
    half: list[tuple[Load, Load]] = []
    for turn in range(scale.rounds):
        step(f"intake {way.name}: at half its maximum, round {turn + 1} of {scale.rounds}")
        best = generator.load(ceiling, scale.load_seconds, scale.connections, most.measured / 2)
        half.append((generator.load(way.server, scale.load_seconds, scale.connections, most.measured / 2), best))
    p50 = sorted(ours.p50 for ours, _ in half)[len(half) // 2] * 1000
    yield against_ceiling(
        f"intake.{way.name}.p99",
        f"{way.name}: p99 at half its maximum",
        "ms",
        [(ours.p99 * 1000, best.p99 * 1000) for ours, best in half],
        Goal(sense="at most", bound=4.0),
        note=f"{most.measured / 2:.0f}/s; p50 {p50:.1f} ms",
    )


def _orders(way: _Way, ceiling: Server, generator: Generator, scale: Scale, step: Callable[[str], None]) -> Figure:
    """The same with orders of the same size, of which more is read: a line, taxes, shipping, two addresses."""
    rounds: list[tuple[Load, Load]] = []
    for turn in range(scale.rounds):
        step(f"intake {way.name}: orders, round {turn + 1} of {scale.rounds}")
        best = generator.load(replace(ceiling, kind="shopify"), scale.load_seconds / 2, scale.connections)
        ours = generator.load(replace(way.server, kind="shopify"), scale.load_seconds / 2, scale.connections)
        rounds.append((ours, best))
    return against_ceiling(
        f"intake.{way.name}.orders",
        f"{way.name}: the same for a Shopify order of that size",
        "ms",
        [(ours.cpu * 1000, best.cpu * 1000) for ours, best in rounds],
        None,
        note="reported",
    )


def _server(program: Program, *, repeats: bool) -> Server:
    return Server(program, program.told()["public"], repeats)


def _embedded(parts: Parts, stack: ExitStack) -> Server:
    data = parts.directory("embedded")
    furnish(str(data / TRAIL_FILE), parts.keys)
    return _server(parts.service(stack, "web", kafka=False, LEDGERHOOK_DATA_DIR=str(data)), repeats=False)


def _scaled(parts: Parts, stack: ExitStack) -> Server:
    url = parts.database(stack)
    furnish(url, parts.keys)
    return _server(parts.service(stack, "web", kafka=True, LEDGERHOOK_DATABASE_URL=url), repeats=False)
