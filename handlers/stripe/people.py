"""Who bought, as Stripe's objects tell it."""

from handlers.fields import Field
from schemas.facts import Address, Customer


def customer(identifier: Field, name: Field, email: Field, phone: Field, address: Field) -> Customer:
    """A customer of Stripe's, or a guest when `identifier` is null."""
    return Customer(
        id=identifier.link(),
        name=name.text(),
        email=email.text(),
        phone=phone.text(),
        billing_address=postal(address),
    )


def postal(address: Field) -> Address | None:
    """An address, or None when nothing of it is told."""
    found = Address(
        address1=address.get("line1").text(),
        address2=address.get("line2").text(),
        city=address.get("city").text(),
        region=address.get("state").text(),
        postal_code=address.get("postal_code").text(),
        country=address.get("country").text(),
    )
    return None if found == Address() else found


def payer(identifier: Field, name: Field, email: Field) -> Customer | None:
    """Who paid, or None when nobody is told."""
    found = Customer(id=identifier.link(), name=name.text(), email=email.text())
    return None if found.id is None and found.email is None else found
