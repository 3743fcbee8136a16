"""Every kind of source, and the one way from a delivery to what it tells."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from handlers.cloudevents import CloudEvents
from handlers.fields import UnreadableError
from handlers.kind import Handler
from handlers.rutter.kind import Rutter
from handlers.shopify.kind import Shopify
from handlers.standardwebhooks import StandardWebhooks
from handlers.stripe.kind import Stripe
from schemas.deliveries import Delivery, Refused, Translation, Unreadable, Verified
from schemas.events import first_problem
from schemas.sources import Kind, Source

HANDLERS: Final[Mapping[Kind, Handler]] = MappingProxyType(
    {
        "cloudevents": CloudEvents(),
        "standardwebhooks": StandardWebhooks(),
        "stripe": Stripe(),
        "shopify": Shopify(),
        "rutter": Rutter(),
    }
)


def read(delivery: Delivery, source: Source, now: datetime) -> Refused | Translation:
    """Verify, then translate. Never raises: every delivery has one answer."""
    verified = HANDLERS[source.kind].verify(delivery, source, now)
    return verified if isinstance(verified, Refused) else _translate(verified, source)


def explain_translate(delivery: Delivery, source: Source) -> Translation:
    """What the delivery would tell if its sender were proved. For `explain`, which has no secrets; never for intake."""
    return _translate(Verified(delivery), source)


def _translate(verified: Verified, source: Source) -> Translation:
    try:
        return HANDLERS[source.kind].translate(verified, source)
    except UnreadableError as error:
        return Unreadable(error.path, error.reason)
    except ValidationError as error:
        # Single fields are checked as they are read, under the sender's names; what is left is what they add up to.
        problem = first_problem(error)
        return Unreadable("$", f"{error.title}{problem.path.removeprefix('$')}: {problem.reason}")
