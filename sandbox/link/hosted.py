"""Where a connection's `link_url` and `update_url` lead: signing in, for the first time or anew (Rutter: Link)."""

from html import escape
from urllib.parse import parse_qs

from sandbox.company import UNCHOSEN, Company
from sandbox.founding import authenticate
from sandbox.link.assets import POLICY, text
from sandbox.link.platforms import BY_SLUG, OFFERED, title
from sandbox.wire import HTML, Call, Reply
from sandbox.world import World

_STATES = {
    "not_ready": "It has not been signed into yet.",
    "needs_reauth": "The access ended: sign in anew and everything goes on where it stood.",
    "disabled": "The connection is disabled; signing in restores it.",
}


def answer_hosted(world: World, company: Company, call: Call) -> Reply:
    """GET shows the page, POST signs in; a form field `platform` says which, where that was left open."""
    if call.method != "POST":
        return _page(company, _form(company))
    fields = parse_qs(call.body.decode(errors="replace"))
    chosen = BY_SLUG.get(fields.get("platform", ["quickbooks"])[0])
    if chosen is None:
        return _page(company, '<p role="alert">There is no such platform.</p>' + _form(company), 400)
    authenticate(world, company, chosen.platform)
    return _page(company, "<h1>Signed in</h1><p>You can close this page.</p>")


def _form(company: Company) -> str:
    if company.platform == UNCHOSEN:
        heading, offers = "Which system are your books in?", f'<div class="offers">{_offers()}</div>'
    else:
        heading, offers = f"Sign in to {title(company.platform)}", ""
    said = _STATES.get(company.status, "It works; signing in anew does no harm.")
    return (
        f"<h1>{escape(heading)}</h1><p>{escape(company.name)}. {said}</p>"
        f'<form method="post">{offers}<div class="acts"><button class="primary">Sign in</button></div></form>'
    )


def _offers() -> str:
    return "".join(
        f'<label><input type="radio" name="platform" value="{one.slug}" required>{escape(one.title)}</label>'
        for one in OFFERED
    )


def _page(company: Company, content: str, status: int = 200) -> Reply:
    page = text("frame.html").format(title=escape(company.name), attributes="", content=content, script="")
    return Reply(status=status, body=page.encode(), media_type=HTML, policy=POLICY)
