"""A small day on the stage, with one of everything that the console shows."""

from consumers.intake import DeliveryStatus
from schemas.connections import ConnectionState
from schemas.documents import DocumentKind
from schemas.money import Money
from schemas.outcomes import Unknown, Written
from schemas.plans import Cause, Park
from schemas.writes import WriteState
from service.trail import connection_moves
from tests.console.stage import UNMAPPED, XSS, Stage, document, invoice, order, payment, refund


def play(stage: Stage) -> None:
    """See the functions; each is one situation."""
    stage.connection("acme")
    stage.connection("nordic", platform="XERO", time_zone="Europe/Oslo", home_currency="NOK")
    stage.source("shop", "shopify", "acme")
    stage.source("till", "stripe", "acme", tells=frozenset({"payments", "refunds"}))
    stage.source("nordic-shop", "shopify", "nordic", namespace="nordic")
    _paid_and_partly_refunded(stage)
    _parked_with_followers(stage)
    _unanswered(stage)
    _written_different(stage)
    _other_currencies(stage)
    _not_told(stage)
    stage.run(
        lambda c: connection_moves.move(
            c, "nordic", ConnectionState.NEEDS_UPDATE, "the merchant's sign-in ended", stage.clock.at,
            link_url="https://link.rutter.example/nordic",
        )
    )  # fmt: skip
    stage.pass_(minutes=4)


def _paid_and_partly_refunded(stage: Stage) -> None:
    stage.deliver(order("1001", 3058))
    stage.deliver(order("1001", 3058, customer="Ada Byron, Countess of Lovelace"))
    stage.deliver(payment("pi_1", 3058, "1001"), source="till")
    stage.work("acme", "order:1001").post(
        document(DocumentKind.CUSTOMER, "customer:c-9:USD", None), invoice("1001", 3058)
    )
    stage.work("acme", "payment:pi_1").post(document(DocumentKind.INVOICE_PAYMENT, "payment:pi_1", 3058))
    stage.deliver(refund("re_1", 1279, "1001", "pi_1"), source="till")
    memo = document(DocumentKind.CREDIT_MEMO, "credit_memo:re_1", 1279, "USD", "LH-CM-1")
    stage.work("acme", "refund:re_1").post(memo)


def _parked_with_followers(stage: Stage) -> None:
    stage.deliver(order("1002", 120_000, customer=XSS))
    stage.deliver(order("1003", 4500, customer="Grace Hopper"))
    stage.deliver(payment("pi_2", 120_000, "1002"), source="till")
    stage.deliver(refund("re_2", 20_000, "1002", "pi_2"), source="till")
    stage.work("acme", "order:1002").park(UNMAPPED)
    stage.work("acme", "order:1003").park(UNMAPPED)
    stage.work("acme", "payment:pi_2").hold("invoice:1002", "the invoice of order 1002 is not in the books yet")
    stage.work("acme", "refund:re_2").hold("payment:pi_2", "payment pi_2 is not in the books yet")


def _unanswered(stage: Stage) -> None:
    stage.deliver(order("1004", 9900))
    hand = stage.work("acme", "order:1004")
    sent = hand.send(invoice("1004", 9900))
    hand.answered(sent, Unknown(reason="no answer within 45 s"), WriteState.IN_DOUBT)
    hand.later("its answer was lost: the same key is sent again")


def _written_different(stage: Stage) -> None:
    stage.deliver(order("1005", 2599))
    hand = stage.work("acme", "order:1005")
    sent = hand.send(invoice("1005", 2599))
    hand.answered(sent, Written(rutter_id="R-1005", total=Money(2600, "USD")), WriteState.DIFFERENT)
    stage.work("acme", "order:1005").park(
        Park(
            cause=Cause.WRITTEN_DIFFERENT,
            subject="invoice:1005",
            detail="invoice:1005 is in the books with 26.00 USD; told were 25.99 USD",
            cure="correct it in the books, or void it and release; what depends on it holds until then",
        )
    )


def _other_currencies(stage: Stage) -> None:
    stage.deliver(order("2001", 500_000, "JPY"))
    stage.work("acme", "order:2001").post(invoice("2001", 500_000, "JPY"))
    stage.deliver(order("3001", 12_345, "KWD", connection="nordic", namespace="nordic"), source="nordic-shop")


def _not_told(stage: Stage) -> None:
    stage.deliver(status=DeliveryStatus.IGNORED, reason="customers/update means nothing here")
    stage.deliver(status=DeliveryStatus.UNREADABLE, path="$.line_items[0].price", reason=f"not a decimal number {XSS}")
    stage.deliver(order("1006", 700), source=None)
