"""The popup window of Rutter Link: choose a platform, sign in, and hand the public token to the page that opened it.

`GET /linkstart/{publicKey}?token&origin&nonce[&platform&autoLoad]` (Rutter: Link). Signing in makes the connection.
"""

import re
from html import escape

from starlette.types import Receive, Scope, Send

from sandbox.exact import Json
from sandbox.founding import authenticate, found, read_plan
from sandbox.link.assets import POLICY, asset, text
from sandbox.link.platforms import BY_SLUG, OFFERED, Offered
from sandbox.wire import HTML, Call, Reply, read_call, read_object, reply, write_reply
from sandbox.world import World

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
_SCREENS = """<section data-screen="choose" hidden>
<h1>Which system are your books in?</h1><p>Choose the one to connect.</p>
<div class="offers">{books}</div>
<h1>Or connect a shop</h1><p>Its orders and payments are read.</p>
<div class="offers">{shops}</div>
<div class="acts"><button name="close" class="quiet">Cancel</button></div></section>
<section data-screen="sign-in" hidden>
<h1>Sign in to <span data-title></span></h1>
<p>In its place there is this button. It links a new sandbox company, whose books are nobody's.</p>
<p role="alert" hidden></p>
<div class="acts"><button name="sign-in" class="primary">Sign in and connect</button>
<button name="back">Another system</button><button name="close" class="quiet">Cancel</button></div></section>
<section data-screen="done" hidden><h1>Connected to <span data-title></span></h1>
<p>You can close this window.</p><div class="acts"><button name="close">Close</button></div></section>"""


class LinkWindow:
    """ASGI application for everything under `/linkstart`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, act, answer."""
        call = await read_call(scope, receive, "/linkstart")
        if call is not None:
            await write_reply(self._answer(call), scope, receive, send)

    def _answer(self, call: Call) -> Reply:
        key = self._world.settings.public_key
        match call.method, call.path.split("/"):
            case "GET", ["", "assets", name]:
                return asset(name) or _trouble("There is no such file.", 404)
            case "GET", ["", public_key]:
                return _window(call) if public_key == key else _trouble("The public key is not this sandbox's.", 401)
            case "POST", ["", public_key, "connections"] if public_key == key:
                return self._link(call)
            case _:
                return _trouble("There is nothing here.", 404)

    def _link(self, call: Call) -> Reply:
        """The user signed in: a company is linked. Its public token, to be exchanged by the server."""
        offered = BY_SLUG.get(str((read_object(call) or {}).get("platform")))
        if offered is None:
            return reply({"error": "unknown platform"}, 400)
        asked: Json = {**self._world.link_defaults, "platform": offered.platform, "ready": False}
        plan = read_plan(asked)
        if isinstance(plan, str):
            return reply({"error": plan}, 400)
        company = found(self._world, plan)
        authenticate(self._world, company)
        return reply({"public_token": company.public_token}, 201)


def _window(call: Call) -> Reply:
    query = call.query
    origin, nonce = query.get("origin", ""), query.get("nonce", "")
    if query.get("token") != call.path.removeprefix("/"):
        return _trouble("token: expected the public key.", 400)
    if _ORIGIN.fullmatch(origin) is None or not nonce:
        return _trouble("origin, nonce: both are required.", 400)
    data = {"origin": origin, "nonce": nonce, "platform": query.get("platform", "").lower()}
    content = _SCREENS.format(
        books="".join(_offer(one) for one in OFFERED if not one.shop),
        shops="".join(_offer(one) for one in OFFERED if one.shop),
    )
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    script = '<script src="/linkstart/assets/window.js"></script>'
    page = text("frame.html").format(title="Connect your books", attributes=attributes, content=content, script=script)
    return Reply(status=200, body=page.encode(), media_type=HTML, policy=POLICY)


def _offer(one: Offered) -> str:
    return f'<button data-platform="{one.slug}">{escape(one.title)}</button>'


def _trouble(what: str, status: int) -> Reply:
    content = f'<h1>This link does not work</h1><p role="alert">{escape(what)}</p>'
    page = text("frame.html").format(title="Sandbox Link", attributes="", content=content, script="")
    return Reply(status=status, body=page.encode(), media_type=HTML, policy=POLICY)
