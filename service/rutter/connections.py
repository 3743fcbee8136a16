"""The life of a connection at Rutter: exchanged, listed, asked after (Rutter: Link; Connections)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from consumers.ports import Clock
from schemas import exact_json
from schemas.money import EXPONENTS
from schemas.outcomes import DeferReason, Deferred, Rejected, Unknown
from service.rutter.reading import NotRead
from service.rutter.replies import Asked, outcome_of_read
from service.rutter.transport import Answer, Call, Lost, Transport
from service.rutter.values import identifier, text

_JSON: Final = {"Content-Type": "application/json"}

Status = Literal["active", "unhealthy", "not_ready", "needs_reauth", "disabled", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What a public token was swapped for."""

    connection_id: str
    access_token: str = field(repr=False)
    is_ready: bool
    platform: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A connection that waits for its owner: `link_url` is where the merchant signs in. Its token is there already."""

    connection_id: str
    access_token: str = field(repr=False)
    link_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One connection of the organisation."""

    id: str
    access_token: str = field(repr=False)
    status: str | None
    platform: str | None
    name: str | None
    link_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a connection stands. `link_url` is where the merchant signs in again."""

    is_ready: bool
    is_healthy: bool
    needs_update: bool
    is_disabled: bool
    disabled_reason: str | None
    platform: str | None
    link_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyInfo:
    """The company behind a connection. `closing_date`: documents up to it are refused (QuickBooks only)."""

    home_currency: str | None
    name: str | None
    closing_date: str | None


class Connections:
    """Calls about connections. A read that was refused is a value, too."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock

    async def exchange(self, public_token: str) -> Exchanged | NotRead:
        """POST /item/public_token/exchange: the credentials go in the body."""
        settings = self._transport.settings
        content = orjson.dumps(
            {"client_id": settings.client_id, "secret": settings.client_secret, "public_token": public_token}
        )
        call = Call(method="POST", path="/item/public_token/exchange", headers=_JSON, content=content)
        value = await self._ask(call, public_token)
        if not isinstance(value, dict):
            return value
        connection_id, token = identifier(value.get("connection_id")), identifier(value.get("access_token"))
        if connection_id is None or token is None:
            return Unknown(reason="reading: an exchange without connection_id or access_token")
        return Exchanged(
            connection_id=connection_id,
            access_token=token,
            is_ready=value.get("is_ready") is True,
            platform=text(value.get("platform")),
            name=text(value.get("name")),
        )

    async def create(self, platform: str | None) -> Made | NotRead:
        """POST /connections/create. Without a platform (Rutter's name) the merchant chooses one on the page.

        It takes no idempotency key: a lost answer leaves a connection that nobody has signed in to.
        """
        content = orjson.dumps({} if platform is None else {"platform": platform})
        value = await self._ask(Call(method="POST", path="/connections/create", headers=_JSON, content=content))
        if not isinstance(value, dict):
            return value
        made = _object(value, "connection")
        connection_id, token = identifier(made.get("id")), identifier(made.get("access_token"))
        link_url = text(made.get("link_url"))
        if connection_id is None or token is None or link_url is None:
            return Unknown(reason="reading: a new connection without id, access_token or link_url")
        return Made(connection_id=connection_id, access_token=token, link_url=link_url)

    async def connections(self, status: Status = "any") -> tuple[Listed, ...] | NotRead:
        """GET /connections: Rutter's own default hides broken ones, ours does not."""
        value = await self._ask(Call(method="GET", path="/connections", query={"status": status}))
        if not isinstance(value, dict):
            return value
        told = value.get("connections")
        if not isinstance(told, list):
            return Unknown(reason="reading: an answer without connections")
        read = [_listed(one) for one in told if isinstance(one, dict)]
        return tuple(one for one in read if one is not None)

    async def status(self, access_token: str) -> Standing | NotRead:
        """GET /connections/status: answers for broken connections, too."""
        value = await self._with_token("/connections/status", access_token)
        if not isinstance(value, dict):
            return value
        told = _object(value, "status")
        disabled = _object(told, "disabled_status")
        return Standing(
            is_ready=told.get("is_ready") is True,
            is_healthy=told.get("is_healthy") is True,
            needs_update=_object(told, "needs_update_status").get("needs_update") is True,
            is_disabled=disabled.get("is_disabled") is True,
            disabled_reason=text(disabled.get("disabled_reason")),
            platform=text(told.get("platform")),
            link_url=text(told.get("link_url")),
        )

    async def company_info(self, access_token: str) -> CompanyInfo | NotRead:
        """GET /accounting/company_info."""
        value = await self._with_token("/accounting/company_info", access_token)
        if not isinstance(value, dict):
            return value
        told = _object(value, "company_info")
        currency = (text(told.get("currency_code")) or "").upper()
        return CompanyInfo(
            home_currency=currency if currency in EXPONENTS else None,
            name=text(told.get("name")),
            closing_date=text(_object(told, "additional_fields").get("closing_date")),
        )

    async def _with_token(self, path: str, access_token: str) -> dict[str, Any] | NotRead:
        return await self._ask(Call(method="GET", path=path, query={"access_token": access_token}), access_token)

    async def _ask(self, call: Call, *secrets: str) -> dict[str, Any] | NotRead:
        reply = await self._transport.send(call)
        if not isinstance(reply, Answer):
            return (
                Unknown(reason=f"reading: {reply.reason}")
                if isinstance(reply, Lost)
                else Deferred(reason=DeferReason.UNAVAILABLE)
            )
        if not 200 <= reply.status < 300:
            known = (*self._transport.settings.secrets, *secrets)
            asked = Asked(kind=None, now=self._clock.now(), secrets=known)
            return outcome_of_read(asked, reply.status, reply.headers, reply.body)
        value = exact_json.loads(reply.body)
        return value if isinstance(value, dict) else Unknown(reason="reading: an unreadable answer")


def in_words(failed: NotRead) -> str:
    """Why a read failed, for people."""
    match failed:
        case Deferred(reason=reason):
            return reason.value
        case Rejected(status=status, code=code, message=message):
            return f"refused with {status} {code}: {message}"
        case Unknown(reason=said):
            return said


def _listed(told: Mapping[str, Any]) -> Listed | None:
    known, token = identifier(told.get("id")), identifier(told.get("access_token"))
    if known is None or token is None:
        return None
    return Listed(
        id=known,
        access_token=token,
        status=text(told.get("status")),
        platform=text(told.get("platform")),
        name=text(told.get("name")),
        link_url=text(told.get("link_url")),
    )


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}
