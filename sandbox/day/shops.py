"""The two merchants, their sources, their goods and their buyers."""

from typing import Final

from sandbox.day.needs import ConnectionNeed, LateMapping, SourceNeed

ACME: Final = ConnectionNeed(
    alias="acme",
    platform="QUICKBOOKS",
    time_zone="America/New_York",
    home_currency="USD",
    currencies=("USD", "EUR", "JPY", "KWD"),
    refund_policy="credit_memo",
    tax_mode="header",
    number_prefix="",
    cash_customer="Till sales New York",
    fallback_item="Sales",
    park_unmapped=False,
    items=(("MUG-BLUE", "Blue mug"), ("TEE-M", "Tee shirt"), ("TEE-L", "Tee shirt"), ("POSTER-A2", "Poster")),
    shipping_item="Shipping",
    tip_item="Tip",
    discount_item="Discount",
    rounding_item="Rounding",
    tax_item="Sales tax",
    clearing=(
        ("stripe", "Stripe clearing"),
        ("shopify_payments", "Shopify clearing"),
        ("paypal", "PayPal clearing"),
        ("cash", "Till"),
    ),
    default_clearing="Other clearing",
    accounts=(
        ("PayPal clearing", "other_current_asset"),
        ("Till", "other_current_asset"),
        ("Other clearing", "other_current_asset"),
    ),
)

BOREA: Final = ConnectionNeed(
    alias="borea",
    platform="XERO",
    time_zone="Europe/Berlin",
    home_currency="EUR",
    currencies=("EUR", "USD", "JPY", "KWD"),
    refund_policy="customer_refund",
    tax_mode="line",
    number_prefix="",
    cash_customer="Barverkauf Berlin",
    fallback_item="Sales",
    park_unmapped=True,
    items=(
        ("TISCH-160", "Tisch"),
        ("STUHL-EICHE", "Stuhl"),
        ("REGAL-4", "Regal"),
        ("KISSEN-GRAU", "Kissen"),
    ),
    shipping_item="Shipping",
    tip_item="Tip",
    discount_item="Discount",
    rounding_item="Rounding",
    tax_item="Sales tax",
    clearing=(
        ("shopify_payments", "Shopify clearing"),
        ("paypal", "PayPal clearing"),
        ("bank_transfer", "Bank transfers"),
        ("cash", "Till"),
    ),
    default_clearing="Other clearing",
    accounts=(
        ("PayPal clearing", "other_current_asset"),
        ("Bank transfers", "bank"),
        ("Till", "other_current_asset"),
        ("Other clearing", "other_current_asset"),
    ),
)

LATE: Final = LateMapping(connection="borea", sku="LAMPE-NORD", item="Lampe")
"""Sold from today on, and nobody has told the books yet."""

SOURCES: Final = (
    SourceNeed("acme-stripe", "stripe", "acme", "whsec_day_acme_stripe_4f7a1c"),
    SourceNeed("acme-shop", "shopify", "acme", "shpss_day_acme_shop_91be20"),
    SourceNeed("acme-erp", "cloudevents", "acme", "bearer-day-acme-erp-c07d35", publishes=True),
    SourceNeed("borea-shop", "shopify", "borea", "shpss_day_borea_shop_5e88d1"),
    SourceNeed("borea-erp", "cloudevents", "borea", "bearer-day-borea-erp-7b20aa"),
)

CONNECTION_OF: Final = {
    source.name: next(need for need in (ACME, BOREA) if need.alias == source.connection) for source in SOURCES
}

GOODS: Final = {
    "acme": (
        ("MUG-BLUE", "Blue mug", 1450),
        ("TEE-M", "Tee shirt, medium", 2399),
        ("TEE-L", "Tee shirt, large", 2399),
        ("POSTER-A2", "Harbour poster, A2", 1875),
        ("STICKERS", "Sticker sheet", 333),
        ("TOTE", "Tote bag", 1999),
    ),
    "borea": (
        ("TISCH-160", "Esstisch 160 cm", 48900),
        ("STUHL-EICHE", "Stuhl Eiche", 11990),
        ("REGAL-4", "Regal, vier Böden", 20495),
        ("KISSEN-GRAU", "Kissen grau", 2799),
    ),
}
"""(sku, description, price in hundredths of a US dollar or euro)."""

LATE_GOODS: Final = (LATE.sku, "Stehlampe Nord", 15950)

TAXES: Final = {
    "acme": (
        (),
        (("NY", "0.08875"),),
        (("NY STATE", "0.04"), ("NYC", "0.04875")),
        (("NJ", "0.06625"),),
        (("CT", "0.0635"),),
    ),
    "borea": ((("DE-19", "0.19"),), (("DE-7", "0.07"),), (("AT-20", "0.2"),), ()),
}
"""Tax regimes; a sale has one of them on all its lines."""

PARTS_OF_A_HUNDREDTH: Final = {"USD": 100, "EUR": 93, "GBP": 79, "JPY": 152, "KWD": 307}
"""Minor units that a hundredth of a dollar costs, times 100: shop-window rates, for plausible prices only."""

FIRST: Final = (
    *("Ada", "Bela", "Cleo", "Dario", "Edda", "Femi", "Greta", "Hugo", "Ines", "Jonas"),
    *("Kaya", "Leon", "Mira", "Nils", "Olga", "Pablo", "Quirin", "Rosa", "Sven", "Tilda"),
)
LAST: Final = (
    *("Abel", "Brook", "Castro", "Dahl", "Eriksen", "Falk", "Gupta", "Hansen", "Ito", "Jansen"),
    *("Keller", "Lind", "Moreau", "Novak", "Okoye", "Petrov", "Quist", "Rossi", "Sato", "Tamm"),
)


def name(number: int) -> str:
    """The name of buyer `number` (0…399); no two buyers share one."""
    return f"{FIRST[number % 20]} {LAST[(number // 20 + number) % 20]}"
