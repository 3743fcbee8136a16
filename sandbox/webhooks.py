"""Webhooks, signed and tried again (Rutter: Webhooks; Webhook security).

X-Rutter-Signature is `sha256=` and the base64 of the HMAC-SHA256 of the raw body under the client secret. A failure
status or no answer is tried again, six tries in all, then given up.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import httpx

from sandbox.company import Company
from sandbox.documents.catalogue import EVERY_KIND
from sandbox.exact import Json, dumps
from sandbox.settings import Settings
from sandbox.writing import Change

# Rutter: the codes a webhook URL can subscribe to.
CONNECTION_CODES = (
    *"INITIAL_UPDATE HISTORICAL_UPDATE INCREMENTAL_SYNC_COMPLETED CONNECTION_METADATA_READY BACKFILL_COMPLETED".split(),
    *"CONNECTION_AUTHENTICATED CONNECTION_UPDATED CONNECTION_NEEDS_UPDATE CONNECTION_DISABLED CONNECTION_ERROR".split(),
    "CONNECTION_LINK_ERROR",
)
# Platforms that tell Rutter of a change when it happens; of the others it learns when a sync runs.
REAL_TIME = frozenset({"QUICKBOOKS", "XERO", "SAGE_INTACCT", "SAGE_INTACCT_V2", "SHOPIFY", "WOOCOMMERCE"})
_ONLY_DELETED = frozenset({"LOCATION", "TAX_RATE", "SUBSIDIARY", "INVOICE_CREDIT_APPLICATION"})
_NEVER_TOLD = frozenset({"CUSTOM_FIELD", "ATTACHMENT"})


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One webhook to one URL, and how it went."""

    url: str
    code: str
    connection_id: str
    tries: int = 0
    last_status: int | None = None
    state: str = "pending"  # then delivered | failed


def signature(secret: str, body: bytes) -> str:
    """The header's value for this body."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


class Webhooks:
    """Sends in the background; remembers every delivery."""

    def __init__(self, settings: Settings) -> None:
        self.urls: list[str] = []
        self.deliveries: list[Delivery] = []
        self._settings = settings
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, company: Company, payload: Json) -> None:
        """Send to the company's URLs and to those of the organisation."""
        urls = dict.fromkeys((*company.webhook_urls, *self.urls))
        if not urls:
            return
        body = dumps(payload)
        for url in urls:
            delivery = Delivery(url=url, code=payload["code"], connection_id=company.id)
            self.deliveries.append(delivery)
            task = asyncio.create_task(self._deliver(delivery, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def connection(self, company: Company, code: str, **more: object) -> None:
        """A webhook of the CONNECTION class."""
        self.send(
            company,
            {
                "type": "CONNECTION",
                "code": code,
                "connection_id": company.id,
                "access_token": company.access_token,
                **more,
            },
        )

    def objects(self, company: Company, changes: Iterable[Change]) -> None:
        """Webhooks of the objects that changed; some types tell only that one is gone, some tell nothing."""
        for plural, what, body in changes:
            kind = EVERY_KIND[plural]
            if kind.webhook in _NEVER_TOLD or (kind.webhook in _ONLY_DELETED and what != "deleted"):
                continue
            payload = {
                "type": kind.webhook,
                "code": f"{kind.webhook}_{what.upper()}",
                "connection_id": company.id,
                "access_token": company.access_token,
                kind.singular: body,
            }
            self.send(company, payload)

    def shown(self) -> list[Json]:
        """Every delivery, oldest first."""
        return [asdict(one) for one in self.deliveries]

    async def close(self) -> None:
        """Stop trying."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _deliver(self, delivery: Delivery, body: bytes) -> None:
        headers = {
            "content-type": "application/json",
            "x-rutter-signature": signature(self._settings.client_secret, body),
        }
        for pause in (*self._settings.webhook_pauses, None):
            delivery.tries += 1
            delivery.last_status = await self._try(delivery.url, body, headers)
            if delivery.last_status is not None and delivery.last_status < 400:
                delivery.state = "delivered"
                return
            if pause is not None:
                await asyncio.sleep(pause)
        delivery.state = "failed"

    async def _try(self, url: str, body: bytes, headers: dict[str, str]) -> int | None:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._settings.webhook_timeout, trust_env=False)
        try:
            return (await self._client.post(url, content=body, headers=headers)).status_code
        except httpx.HTTPError:
            return None
