"""Rutter as the posting loop uses it. Fits `consumers.ports.Rutter`."""

import logging
from datetime import datetime
from typing import Final, assert_never
from urllib.parse import quote

import orjson

from consumers.ports import Clock, Sighting
from schemas.connections import Connection
from schemas.documents import DocumentKind
from schemas.outcomes import DeferReason, Deferred, Outcome, Unknown
from schemas.writes import StoredWrite
from service.rutter.looking import Looking
from service.rutter.quota import Turns
from service.rutter.reading import Reading
from service.rutter.replies import Asked, outcome_of_job, outcome_of_post
from service.rutter.transport import Answer, Call, Lost, NotSent, Transport
from service.rutter.uploads import Contents, multipart

_JSON: Final = {"Content-Type": "application/json"}
_LOG: Final = logging.getLogger(__name__)


class RutterClient:
    """Posts, asks after jobs, and looks in the books. What it is told by the remote is an Outcome; nothing raises.

    The first request of each method has had its turn of the quota already (`Turns.turn`); further ones take their own.
    """

    def __init__(self, transport: Transport, turns: Turns, clock: Clock, contents: Contents | None = None) -> None:
        """`contents`: the files to send; without them no attachment can be."""
        self._contents = contents
        self._transport = transport
        self._turns = turns
        self._clock = clock
        self._reading = Reading(transport, turns, clock)
        self._looking = Looking(self._reading, transport.settings)

    async def post(self, connection: Connection, write: StoredWrite, timeout_seconds: float) -> Outcome:
        """Send the stored bytes under the stored key, once; of an attachment, the file they name.

        Raises:
            NoFileError, SealError: it is not there, or does not open.
        """
        kind, content = "application/json", write.body
        if write.kind is DocumentKind.ATTACHMENT:
            kind, content = await multipart(write, self._contents)
        call = Call(
            method=write.kind.method,
            path=write.kind.path(write.parent_id),
            query={"access_token": connection.access_token},
            headers={"Content-Type": kind, "Idempotency-Key": write.idempotency_key},
            content=content,
            seconds=timeout_seconds,
        )
        reply = await self._transport.send(call)
        match reply:
            case Answer(status, headers, body):
                outcome = outcome_of_post(self._asked(connection, write), status, headers, body)
                return self._noticed(connection, outcome)
            case NotSent():
                return Deferred(reason=DeferReason.UNAVAILABLE)
            case Lost(reason):
                return Unknown(reason=f"no answer: {reason}", job_id=write.job_id)
            case _:
                assert_never(reply)

    async def job(self, connection: Connection, write: StoredWrite) -> Outcome:
        """What became of `write.job_id`: GET /jobs/{id}, which takes no access token."""
        if write.job_id is None:
            return Unknown(reason="no job is known")
        reply = await self._transport.send(Call(method="GET", path=f"/jobs/{quote(write.job_id, safe='')}"))
        match reply:
            case Answer(status, headers, body):
                outcome = outcome_of_job(self._asked(connection, write), write.job_id, status, headers, body)
                return self._noticed(connection, outcome)
            case NotSent():
                return Deferred(reason=DeferReason.UNAVAILABLE)
            case Lost(reason):
                return Unknown(reason=f"asking for the job: no answer: {reason}", job_id=write.job_id)
            case _:
                assert_never(reply)

    async def look(self, connection: Connection, write: StoredWrite, since: datetime) -> Sighting | Outcome:
        """Look for the document in Rutter's copy of the books."""
        return await self._looking.look(connection, write, since)

    async def ask_sync(self, connection: Connection, write: StoredWrite) -> None:
        """Ask for an incremental sync of everything configured, so that a later look can prove absence.

        Of everything: Rutter tells when the last sync began and ended, not what it covered, so that a sync of one type
        asked for here would seem to prove the absence of documents of another.
        """
        call = Call(
            method="POST",
            path="/connections/incremental_sync",
            query={"access_token": connection.access_token},
            headers=_JSON,
            content=orjson.dumps({}),
        )
        answer = self._reading.understood(connection, await self._transport.send(call))
        if not isinstance(answer, dict):
            reason = answer.reason if isinstance(answer, Unknown | Deferred) else f"{answer.code} {answer.message}"
            _LOG.warning("no sync of %s for %s: %s", connection.alias, write.key, reason)

    def _asked(self, connection: Connection, write: StoredWrite) -> Asked:
        return Asked(
            kind=write.kind,
            now=self._clock.now(),
            total=write.total,
            key=write.idempotency_key,
            platform=connection.platform,
            secrets=(*self._transport.settings.secrets, connection.access_token),
        )

    def _noticed(self, connection: Connection, outcome: Outcome) -> Outcome:
        """The connection's quota learns from every answer."""
        if isinstance(outcome, Deferred):
            return self._reading.noticed(connection, outcome)
        if isinstance(outcome, Unknown) and outcome.status in (429, 452):
            self._turns.refused(connection, None)
        elif not isinstance(outcome, Unknown):
            self._turns.went_well(connection)
        return outcome
