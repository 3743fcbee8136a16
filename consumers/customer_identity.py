"""Who a customer is, as far as one fact tells: what makes two orders one customer's."""

from schemas.events import natural_key
from schemas.facts import Customer


def guest_email(email: str | None) -> str | None:
    """An e-mail address as guests are keyed by it: outer spaces and letter case aside; blank is none."""
    return (email or "").strip().casefold() or None


def customer_key(customer: Customer | None, currency: str) -> str:
    """The natural key of who is invoiced: by id, a guest by e-mail; the cash customer by the empty id nobody has."""
    told = None if customer is None else customer.id or guest_email(customer.email)
    return f"{natural_key('customer', told or '')}:{currency}"


def is_nameless(customer: Customer | None) -> bool:
    """Whether nothing tells who it is, so that the cash customer stands in."""
    return customer is None or (customer.id is None and guest_email(customer.email) is None)
