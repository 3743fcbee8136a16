"""The composition root: everything a process runs, built in one place, started, and stopped in order.

SIGTERM: listeners finish what they have taken, the inbox stores its batch, the steps in hand are recorded; then out.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum

from consumers.intake import Verdict
from consumers.watching import sweep_for_ever
from schemas.sources import Source
from service.adapters import CountedIntake, TrailOutbox
from service.clock import SystemClock
from service.console.app import create_admin_app
from service.console.attaching import AttachDesk
from service.console.desk import AdminDesk, Check
from service.console.readiness import holds, schema_at_head, trail_answers
from service.files.addresses import AllowedHosts
from service.files.fetching import Fetcher
from service.files.giving import give
from service.installation import Installation
from service.kafka.consumer import Inbox
from service.kafka.log import KafkaLog
from service.kafka.outbox import Outbox
from service.kafka.settings import KafkaSettings
from service.lease_owner import lease_owner
from service.logs import say, warn
from service.metrics import Metrics, new_metrics
from service.posting import Posting, build_posting
from service.replaying import replay_here
from service.rutter.settings import RutterSettings
from service.serving import Listener, admin_config, listen, serving
from service.settings import Settings
from service.stopping import CLOSING_SECONDS, Stopping
from service.tasks import Tasks
from service.trail.database import Trail, open_trail
from service.trail.listening import listen_for_ever
from service.trail.turns import OUTBOX, Turn
from service.watching import link_desk, start_watching
from service.web.durable import LogThenTrail, TrailDoor
from service.web.intake import RUTTER, Intake
from service.web.public import create_public_app
from service.web.server import public_config
from service.web.sources import Sources


class Role(StrEnum):
    """What a process does."""

    WEB = "web"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Running:
    """Where it listens, once it does."""

    public_url: str | None
    admin_url: str
    trail: Trail
    posting: Posting | None
    owner: str
    recorded: Callable[[Verdict], int]
    """How many events this process recorded, by what became of them."""


def kafka_settings(settings: Settings) -> KafkaSettings | None:
    """How brokers are reached; None without Kafka."""
    if settings.kafka_bootstrap_servers is None:
        return None
    password = settings.kafka_sasl_password
    return KafkaSettings(
        bootstrap=settings.kafka_bootstrap_servers,
        idempotence=settings.kafka_idempotence,
        group=settings.kafka_group,
        security_protocol=settings.kafka_security_protocol,
        sasl_mechanism=settings.kafka_sasl_mechanism,
        sasl_username=settings.kafka_sasl_username,
        sasl_password=password.get_secret_value() if password else None,
        cafile=_text(settings.kafka_ssl_cafile),
        certfile=_text(settings.kafka_ssl_certfile),
        keyfile=_text(settings.kafka_ssl_keyfile),
    )


def rutter_settings(settings: Settings) -> RutterSettings:
    """Rutter's address and our credentials; empty ones are refused by Rutter, and the connection then waits."""
    secret = settings.rutter_client_secret
    return RutterSettings(
        base_url=settings.rutter_base_url,
        client_id=settings.rutter_client_id or "",
        client_secret=secret.get_secret_value() if secret else "",
        version=settings.rutter_version,
    )


def fetcher(settings: Settings) -> Fetcher:
    """How the files of invoices are fetched."""
    return Fetcher(AllowedHosts.of(settings.attachment_hosts), settings.attachment_max_bytes)


def _text(path: object) -> str | None:
    return None if path is None else str(path)


async def run(
    installation: Installation, roles: frozenset[Role], started: Callable[[Running], None], stop: asyncio.Event
) -> None:
    """Run the roles until `stop` is set or the process is told to end.

    Raises:
        ListenError, TrailUnavailableError: it cannot start; one line with the cure.
    """
    process = _Process(installation, roles, stop)
    async with AsyncExitStack() as stack:
        await process.start(stack, started)
        await stop.wait()
        say("service.stopping", roles=",".join(sorted(roles)))
        process.stopping.begin()
    say("service.stopped")


def stop_on_signals(stop: asyncio.Event, also: Callable[[], None] = lambda: None) -> None:
    """SIGTERM and SIGINT end the process in order; `also` is called then."""
    loop = asyncio.get_running_loop()

    def told() -> None:
        if not stop.is_set():
            stop.set()
            also()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)


class _Process:
    """One process: its parts in the order they are started; the exit stack ends them the other way round."""

    def __init__(self, installation: Installation, roles: frozenset[Role], stop: asyncio.Event) -> None:
        self._here = installation
        self._settings = installation.settings
        self._roles = roles
        self._stop = stop
        self._clock = SystemClock()
        self._metrics: Metrics = new_metrics()
        self._kafka = kafka_settings(installation.settings)
        self._tasks = Tasks()
        self._checks: dict[str, Check] = {}
        self._owner = lease_owner()
        self.stopping = Stopping()

    async def start(self, stack: AsyncExitStack, started: Callable[[Running], None]) -> None:
        admin = listen(self._settings.admin_host, self._settings.admin_port, "LEDGERHOOK_ADMIN_PORT")
        stack.callback(admin.bound.close)
        public = self._listen_public(stack)
        trail = await asyncio.to_thread(
            open_trail, self._here.trail, self._here.keys, self._clock, migrate=self._here.settings.database_url is None
        )
        stack.push_async_callback(self.stopping.within, "trail", trail.close)
        stack.push_async_callback(self.stopping.within, "tasks", self._tasks.cancel_all)
        self._checks["trail"] = trail_answers(trail)
        self._checks["schema"] = schema_at_head(trail.engine)
        posting = self._start_posting(stack, trail) if Role.WORKER in self._roles else None
        if posting is not None:
            watch = start_watching(self._tasks, trail, posting, self._settings, metrics=self._metrics)
            stack.push_async_callback(self.stopping.within, "watching", watch)
        if Role.WORKER in self._roles and self._kafka is not None:
            self._start_kafka_tasks(stack, trail, self._kafka)
        if public is not None:
            await self._start_web(stack, trail, public)
        public_url = self._settings.public_url or (public.url if public else None)
        desk = AdminDesk(
            trail=trail,
            keys=self._here.keys,
            admin_token=self._here.admin_token,
            metrics=self._metrics,
            now=self._clock.now,
            public_url=public_url,
            checks=self._checks,
            replay=replay_here(trail),
            attach=AttachDesk(
                give=lambda gift: give(trail, gift, self._clock.now()), most_bytes=self._settings.attachment_max_bytes
            ),
            link=link_desk(stack, trail, rutter_settings(self._settings), self._settings),
        )
        app = create_admin_app(desk)
        self.stopping.tell(await stack.enter_async_context(serving(admin_config(app), admin)))
        if self._kafka is not None:
            for note in self._kafka.notes():
                warn("kafka.trouble", what=note)
        say(
            "service.started",
            roles=",".join(sorted(self._roles)),
            public=public_url,
            admin=admin.url,
            owner=self._owner,
        )
        started(Running(public.url if public else None, admin.url, trail, posting, self._owner, self._recorded))

    async def _finish(self, name: str) -> None:
        await self._tasks.finish(name, max(0.0, self.stopping.left() - CLOSING_SECONDS))

    def _listen_public(self, stack: AsyncExitStack) -> Listener | None:
        if Role.WEB not in self._roles:
            return None
        public = listen(self._settings.public_host, self._settings.public_port, "LEDGERHOOK_PUBLIC_PORT")
        stack.callback(public.bound.close)
        return public

    def _start_posting(self, stack: AsyncExitStack, trail: Trail) -> Posting:
        posting = build_posting(
            trail,
            rutter_settings(self._settings),
            self._owner,
            self._clock,
            self._metrics,
            fetcher=fetcher(self._settings),
        )
        loop = asyncio.get_running_loop()
        trail.on_due = lambda aliases: _call_soon(loop, posting, aliases)
        self._tasks.start("posting", posting.worker.run)
        self._tasks.start("sweep", lambda: sweep_for_ever(trail.work, self._clock, self._swept))
        self._tasks.start("wakes", lambda: listen_for_ever(trail, posting.wake))
        self._checks["posting"] = holds(
            lambda: None if self._tasks.alive("posting") else "the posting loop is not running"
        )

        self.stopping.tell(posting.worker.stop)

        async def end() -> None:
            posting.worker.stop()
            await self._finish("posting")
            await posting.transport.close()

        stack.push_async_callback(self.stopping.within, "posting", end)
        return posting

    def _start_kafka_tasks(self, stack: AsyncExitStack, trail: Trail, kafka: KafkaSettings) -> None:
        inbox = Inbox(kafka, trail.intake, self._here.keys, self._metrics)
        turn = Turn(trail, OUTBOX)
        outbox = Outbox(TrailOutbox(trail), kafka, my_turn=turn.mine)
        self._tasks.start("inbox", inbox.run)
        self._tasks.start("outbox", outbox.run)
        self._checks["kafka"] = holds(lambda: None if inbox.ready() else "the inbox is not reading from Kafka")

        self.stopping.tell(inbox.stop, outbox.stop)

        async def end() -> None:
            inbox.stop()
            outbox.stop()
            await self._finish("inbox")
            await self._finish("outbox")
            await turn.close()

        stack.push_async_callback(self.stopping.within, "Kafka", end)

    async def _start_web(self, stack: AsyncExitStack, trail: Trail, public: Listener) -> None:
        straight = trail.intake if self._kafka is None else trail.fallback
        door = TrailDoor(CountedIntake(straight, self._metrics))
        stack.push_async_callback(self.stopping.within, "what waits for the trail", door.close)
        durable: TrailDoor | LogThenTrail = door
        if self._kafka is not None:
            log = KafkaLog(self._kafka)
            await log.start()
            stack.push_async_callback(self.stopping.within, "Kafka's producer", log.close)
            durable = LogThenTrail(log, door, self._metrics)
        sources = Sources(trail.intake, always=_rutter_source(self._settings))
        intake = Intake(sources, durable, trail.callbacks, self._here.keys, self._metrics)
        app = create_public_app(intake, max_body=self._settings.max_body_bytes)
        config = public_config(app, self._settings.public_host, self._settings.public_port)
        self.stopping.tell(await stack.enter_async_context(serving(config, public)))

    def _recorded(self, verdict: Verdict) -> int:
        count = self._metrics.registry.get_sample_value("ledgerhook_events_recorded_total", {"verdict": verdict.value})
        return int(count or 0)

    def _swept(self, missed: int) -> None:
        if missed:
            self._metrics.missed_wakes.inc(missed)
            warn("trail.swept", missed=missed)


def _rutter_source(settings: Settings) -> tuple[Source, ...]:
    """Rutter's own webhooks, signed with the client secret; without one there is no such address."""
    secret = settings.rutter_client_secret
    if secret is None or not secret.get_secret_value():
        return ()
    return (
        Source(name=RUTTER, kind="rutter", connection=RUTTER, namespace=RUTTER, secrets=(secret.get_secret_value(),)),
    )


def _call_soon(loop: asyncio.AbstractEventLoop, posting: Posting, aliases: set[str]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(posting.wake, aliases)
