"""What happens in a shop because a rehearsal says so: an order or a transaction comes to be, or changes."""

from sandbox.commerce import order, transaction
from sandbox.commerce.kinds import COMMERCE, PLATFORMS
from sandbox.company import Company
from sandbox.exact import Json
from sandbox.world import World

_COMPOSERS = {"orders": (order.SHAPE, order.compose), "transactions": (transaction.SHAPE, transaction.compose)}


def tell(world: World, company: Company, plural: str, asked: Json) -> Json | str:
    """`{"order": {…}}` or `{"transaction": {…}}`: with the `id` of one there is, it is changed. The object, or the line
    that says why not. A webhook tells it, unless `"webhook": false`."""
    kind = COMMERCE[plural]
    fields = asked.get(kind.singular)
    if company.platform not in PLATFORMS:
        return f"connection_id: {company.platform} is no shop"
    if not isinstance(fields, dict):
        return f"{kind.singular}: expected an object"
    before = company.shelves[plural].get(str(fields.get("id")))
    if before is None and fields.get("id"):
        return f"{kind.singular}.id: there is none"
    check, compose = _COMPOSERS[plural]
    problems: list[str] = []
    check({**(before or {}), **fields}, kind.singular, problems)
    if problems:
        return "; ".join(problems)
    writing = world.writing(company, outside=True)
    body = compose(writing, fields, before)
    done = writing.put(plural, body) if before is None else writing.change(plural, before, **body)
    if asked.get("webhook") is not False:
        world.webhooks.objects(company, writing.changes)
    return done
