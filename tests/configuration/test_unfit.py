"""What a platform does not have is refused by the capability table, saying what would do."""

import pytest

from schemas.mapping import Items, Mapping, Named, Policies, TaxRule, Tracking
from schemas.platforms.registry import platform
from service.configuration.unfit import unfit

CLASS = Mapping(tracking=(Tracking(dimension="class", otherwise=Named(name="Online")),))


@pytest.mark.parametrize(
    ("mapping", "name", "where", "cure"),
    [
        (CLASS, "XERO", 'tracking[0].dimension = "class"', "track by the key of a custom field"),
        (CLASS, "FRESHBOOKS", 'tracking[0].dimension = "class"', "leave it out"),
        (
            Mapping(tracking=(Tracking(dimension="tracking_region", tag="region"),)),
            "QUICKBOOKS",
            'tracking[0].dimension = "tracking_region"',
            "track by class or department",
        ),
        (Mapping(tax="header"), "XERO", 'tax = "header"', 'set it to "rates" or "line"'),
        (Mapping(tax="header"), "SAGE_INTACCT", 'tax = "header"', 'set it to "line"'),
        (Mapping(tax="rates"), "FRESHBOOKS", 'tax = "rates"', 'set it to "line"'),
        (
            Mapping(tax_rates=(TaxRule(use=Named(name="VAT")),)),
            "QUICKBOOKS_DESKTOP",
            "tax_rates",
            'leave them out, and set tax to "line"',
        ),
        (
            Mapping(policies=Policies(refund="customer_refund")),
            "ZOHOBOOKS",
            'refund_policy = "customer_refund"',
            'set it to "credit_memo"',
        ),
        (
            Mapping(policies=Policies(chargeback="loss")),
            "ZOHOBOOKS",
            'chargeback = "loss"',
            "leave it out: each is then shown to a person",
        ),
        (
            Mapping(policies=Policies(prepayment="post")),
            "XERO",
            'prepayment = "post"',
            'set it to "hold": it waits for its order',
        ),
        (
            Mapping(policies=Policies(overpayment="open_credit")),
            "XERO",
            'overpayment = "open_credit"',
            'set it to "park"',
        ),
        (Mapping(terms=Named(name="Net 30")), "XERO", "terms", "say due_days = 30, or what they come to"),
        (
            Mapping(payment_methods=(("card", Named(name="Card")),)),
            "FRESHBOOKS",
            "payment_methods",
            "leave them out",
        ),
    ],
)
def test_what_the_platform_does_not_have(mapping: Mapping, name: str, where: str, cure: str) -> None:
    (fault,) = unfit(mapping, platform(name))

    assert (fault.where, fault.cure) == (where, cure)
    assert platform(name).title in fault.says
    assert "(" in fault.says  # its source


def test_fees_have_no_document_anywhere() -> None:
    for name in ("QUICKBOOKS", "XERO", "NETSUITE", "SOME_OTHER"):
        (fault,) = unfit(Mapping(policies=Policies(fees="book")), platform(name))

        assert fault.cure.startswith('set it to "ignore"')


def test_what_it_has_is_not_refused() -> None:
    mapping = Mapping(
        items=Items(create=True),
        tax="header",
        tracking=(Tracking(dimension="class"), Tracking(dimension="department")),
        terms=Named(name="Net 30"),
        policies=Policies(refund="customer_refund", overpayment="open_credit", prepayment="post", chargeback="loss"),
    )

    assert unfit(mapping, platform("QUICKBOOKS")) == ()
    assert unfit(Mapping(), platform("SOME_OTHER")) == ()
