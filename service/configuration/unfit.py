"""What a mapping asks for that its platform does not have, by the capability table."""

from collections.abc import Iterator
from typing import Final

from schemas.mapping import Mapping, Tracking
from schemas.platforms.capability import Feature, Platform
from service.configuration.fault import Fault

DIMENSIONS: Final[dict[str, tuple[Feature, ...]]] = {
    "class": (Feature.HEADER_CLASS, Feature.LINE_CLASS),
    "department": (Feature.HEADER_DEPARTMENT,),
    "location": (Feature.HEADER_LOCATION, Feature.LINE_LOCATION),
}
"""Every other dimension is the key of a custom field."""


def unfit(mapping: Mapping, platform: Platform) -> tuple[Fault, ...]:
    """Nothing, or everything that this platform cannot do."""
    return (*_policies(mapping, platform), *_tax(mapping, platform), *_fields(mapping, platform))


def features(dimension: str) -> tuple[Feature, ...]:
    """What a platform needs for a tracking dimension: any of these."""
    return DIMENSIONS.get(dimension, (Feature.CUSTOM_FIELDS,))


def _policies(mapping: Mapping, platform: Platform) -> Iterator[Fault]:
    policies = mapping.policies
    refunds, prepaid = Feature.CUSTOMER_REFUNDS, Feature.PREPAYMENTS
    if policies.refund == "customer_refund" and not platform.may(refunds):
        yield Fault('refund_policy = "customer_refund"', platform.why(refunds), 'set it to "credit_memo"')
    if policies.chargeback is not None and not platform.may(refunds):
        told = f'chargeback = "{policies.chargeback}"'
        says = f"is booked as a customer refund; {platform.why(refunds)}"
        yield Fault(told, says, "leave it out: each is then shown to a person")
    if policies.prepayment == "post" and not platform.has(prepaid):
        yield Fault('prepayment = "post"', platform.why(prepaid), 'set it to "hold": it waits for its order')
    if policies.overpayment == "open_credit" and not platform.has(prepaid):
        yield Fault('overpayment = "open_credit"', platform.why(prepaid), 'set it to "park"')
    if policies.fees == "book" and not platform.has(Feature.FEES):
        cure = f'set it to "ignore": {platform.entries[Feature.FEES].note or "they are booked by hand"}'
        yield Fault('fees = "book"', platform.why(Feature.FEES), cure)


def _tax(mapping: Mapping, platform: Platform) -> Iterator[Fault]:
    rates, header = Feature.LINE_TAX_RATE, Feature.HEADER_TAX_AMOUNT
    others = [f'"{way}"' for way, feature in (("rates", rates), ("header", header)) if platform.has(feature)]
    cure = f"set it to {' or '.join([*others, chr(34) + 'line' + chr(34)])}"
    if mapping.tax == "rates" and not platform.has(rates):
        yield Fault('tax = "rates"', platform.why(rates), cure)
    if mapping.tax == "header" and not platform.has(header):
        yield Fault('tax = "header"', platform.why(header), cure)
    if mapping.tax_rates and mapping.tax != "rates" and not platform.has(rates):
        yield Fault("tax_rates", platform.why(rates), f"leave them out, and {cure.replace('set it', 'set tax')}")


def _fields(mapping: Mapping, platform: Platform) -> Iterator[Fault]:
    for index, tracking in enumerate(mapping.tracking):
        yield from _tracking(f"tracking[{index}]", tracking, platform)
    if mapping.terms is not None and not platform.has(Feature.INVOICE_TERMS):
        yield Fault("terms", platform.why(Feature.INVOICE_TERMS), "say due_days = 30, or what they come to")
    if mapping.payment_methods and not platform.has(Feature.PAYMENT_METHOD):
        yield Fault("payment_methods", platform.why(Feature.PAYMENT_METHOD), "leave them out")
    if mapping.items.create and not platform.may(Feature.CREATE_ITEMS):
        yield Fault("items.create", platform.why(Feature.CREATE_ITEMS), "leave it out, and name a fallback item")


def _tracking(where: str, tracking: Tracking, platform: Platform) -> Iterator[Fault]:
    wanted = features(tracking.dimension)
    if any(platform.has(feature) for feature in wanted):
        return
    there = [name for name, any_of in DIMENSIONS.items() if any(platform.has(one) for one in any_of)]
    if platform.has(Feature.CUSTOM_FIELDS):
        there.append("the key of a custom field")
    cure = f"track by {' or '.join(there)}" if there else "leave it out"
    yield Fault(f'{where}.dimension = "{tracking.dimension}"', platform.why(wanted[0]), cure)
