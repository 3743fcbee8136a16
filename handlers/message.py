"""The body as JSON, before anybody asks what it means."""

from handlers.fields import Field
from schemas import exact_json
from schemas.deliveries import NoMessage, Unreadable


def read(body: bytes) -> Field | NoMessage | Unreadable:
    """The whole body as a field `$`; `NoMessage` when it is no JSON, `Unreadable` when it is JSON we do not take."""
    value = exact_json.loads(body)
    if isinstance(value, exact_json.BadJson):
        return Unreadable("$", value.reason) if value.is_json else NoMessage(value.reason)
    if not isinstance(value, dict):
        return Unreadable("$", "not an object")
    return Field("$", value)
