"""The console's pages: each asks the trail once and shows what it answers."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from consumers.forecasting import in_words
from schemas.documents import DocumentKind
from schemas.writes import WriteState
from service.console.forms import asked, asked_number
from service.console.measures import refusals
from service.console.room import Room, see
from service.console.timeline import timeline
from service.trail import documents, finding, opening, overview, parked, releasing, stories, tie_out
from service.trail.forecast import forecasts

RECENT: Final = timedelta(hours=24)
"""Deliveries are counted over this time."""
_TOP: Final = 5


async def overview_page(room: Room, request: Request) -> Response:
    """`/`: how things stand."""
    now = room.desk.now()
    seen, waiting, latest, ahead = await room.read(
        request,
        lambda c: (
            overview.overview(c, now - RECENT, room.settled.counts(c)),
            parked.parked(c),
            documents.documents(c, limit=_TOP),
            forecasts(c, now),
        ),
    )
    return room.show(
        request,
        "overview.html",
        seen=seen,
        groups=waiting.groups[:_TOP],
        parked=waiting,
        latest=latest.documents,
        forecasts=[(alias, in_words(one, now), one.until is None) for alias, one in sorted(ahead.items())],
    )


async def parked_page(room: Room, request: Request) -> Response:
    """`/parked`: what waits for a person, with its cure."""
    alias = asked(request, "connection")
    seen = await room.read(request, lambda c: parked.parked(c, alias))
    return room.show(request, "parked.html", seen=seen, connection=alias)


async def release_form(room: Room, request: Request) -> Response:
    """`POST /parked/release`: makes due what is parked under one fingerprint, or one event."""
    fields = await room.form(request)
    ask = partial(
        releasing.release,
        now=room.desk.now(),
        fingerprints=_one(fields, "fingerprint"),
        keys=_one(fields, "key"),
        connection=fields.get("connection") or None,
        namespace=fields.get("namespace") or None,
    )
    released = await room.desk.trail.run(ask)
    events = "1 event" if len(released) == 1 else f"{len(released)} events"
    told = f"Released {events}: due now." if released else "Nothing of it is parked any more."
    back = fields.get("back", "")
    query = f"{back}&" if back else ""
    path = "/orders/story" if back else "/parked"
    return see(f"{path}?{query}{urlencode({'told': told})}")


def _one(fields: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (fields[name],) if fields.get(name) else ()


async def documents_page(room: Room, request: Request) -> Response:
    """`/documents`: what we intended, newest first."""
    ask = documents_asked(request)
    before = asked_number(request, "before")
    seen, aliases = await room.read(
        request, lambda c: (documents.documents(c, ask, before=before), overview.aliases(c))
    )
    given = {name: value for name, value in asdict(ask).items() if value is not None}
    return room.show(
        request,
        "documents.html",
        seen=seen,
        aliases=aliases,
        kinds=[kind.value for kind in DocumentKind],
        states=[state.value for state in WriteState],
        ask=ask,
        older=urlencode(given | {"before": seen.before}) if seen.before is not None else None,
        first=urlencode(given) if before is not None else None,
    )


def documents_asked(request: Request) -> documents.DocumentsAsk:
    """What the query narrows the documents down to."""
    return documents.DocumentsAsk(
        kind=asked(request, "kind"),
        connection=asked(request, "connection"),
        state=asked(request, "state"),
        text=asked(request, "text"),
    )


async def orders_page(room: Room, request: Request) -> Response:
    """`/orders`: find a story; straight to it when only one fits."""
    text = asked(request, "text")
    if text is None:
        latest = await room.read(request, finding.latest)
        return room.show(request, "orders.html", text=None, found=latest)
    found = await room.read(request, lambda c: finding.find(c, text))
    return (
        see(f"/orders/story?{story_query(found[0])}")
        if len(found) == 1
        else room.show(request, "orders.html", text=text, found=found)
    )


def story_query(one: finding.Found) -> str:
    """The query of a story's page."""
    what = {"order": one.order_id} if one.order_id is not None else {"key": one.key}
    return urlencode({"connection": one.connection, "namespace": one.namespace, **what})


async def story_page(room: Room, request: Request) -> Response:
    """`/orders/story`: one order's whole path, from delivery to document."""
    alias, namespace = asked(request, "connection") or "", asked(request, "namespace") or ""
    order, key = asked(request, "order"), asked(request, "key")
    if order is not None:
        story = await room.read(request, lambda c: stories.story_of_order(c, alias, namespace, order))
    elif key is not None:
        story = await room.read(request, lambda c: stories.story_of_fact(c, alias, namespace, key))
    else:
        story = None
    if story is None:
        raise HTTPException(404, "Nothing of that order was told here.")
    named = {"connection": alias, "namespace": namespace, "order": order, "key": key}
    back = urlencode({name: value for name, value in named.items() if value is not None})
    return room.show(request, "story.html", story=story, order=order, key=key, moments=timeline(story), back=back)


async def delivery_page(room: Room, request: Request) -> Response:
    """`/deliveries`: one request as it was received, secrets masked."""
    delivery_id = asked(request, "id") or ""
    seen = await room.read(request, lambda c: opening.opened(c, room.desk.keys, delivery_id))
    if seen is None:
        raise HTTPException(404, "There is no such delivery.")
    return room.show(request, "delivery.html", seen=seen)


async def tie_out_page(room: Room, request: Request) -> Response:
    """`/tie-out`: the sources against the books."""
    alias = asked(request, "connection")
    ties, aliases = await room.read(request, lambda c: (tie_out.tie_out(c, alias), overview.aliases(c)))
    return room.show(request, "tie_out.html", ties=ties, aliases=aliases, connection=alias)


async def connections_page(room: Room, request: Request) -> Response:
    """`/connections`: connections and sources, with the addresses that senders need."""
    since = room.desk.now() - RECENT
    seen = await room.read(request, lambda c: overview.overview(c, since, room.settled.counts(c)))
    return room.show(
        request,
        "connections.html",
        seen=seen,
        refusals=refusals(room.desk.metrics),
        address=(room.desk.public_url or "").rstrip("/"),
    )
