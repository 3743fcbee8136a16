"""Whole HTTP requests of a kind, signed and ready to be written to a socket."""

from typing import Final, Literal

from bench import orders, payments
from bench.orders import FIRST

Kind = Literal["stripe", "shopify"]
AGENTS: Final = {"stripe": "Stripe/1.0 (+https://stripe.com/docs/webhooks)", "shopify": "Shopify-Captain-Hook"}

__all__ = ["FIRST", "Kind", "path", "request"]


def path(kind: Kind) -> str:
    """Where the bench's sender of that kind posts."""
    return "/webhooks/shop-0" if kind == "shopify" else "/webhooks/stripe-0"


def request(kind: Kind, number: int) -> bytes:
    """The whole HTTP/1.1 request."""
    content = orders.body(number) if kind == "shopify" else payments.body(number)
    headers = orders.headers(content) if kind == "shopify" else payments.headers(content)
    lines = [f"POST {path(kind)} HTTP/1.1", "host: bench", f"user-agent: {AGENTS[kind]}", "accept: */*"]
    lines += [f"content-length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
