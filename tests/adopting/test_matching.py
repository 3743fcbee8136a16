"""Which pairs are sure, which are doubtful, and which are none."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from consumers.adopting.matching import match
from consumers.adopting.sides import Claim, Document, Settled
from schemas.documents import DocumentKind
from schemas.money import Money

CLAIM = Claim(
    event_seq=1,
    namespace="shop",
    key="invoice:1001",
    event_key="order:1001",
    kind=DocumentKind.INVOICE,
    numbers=frozenset({"1001", "W-1001"}),
    people=frozenset({"ada byron", "ada@example.com"}),
    total=Money(3058, "USD"),
    date=date(2026, 11, 2),
    orders=("1001",),
)
DOCUMENT = Document(
    rutter_id="r-1",
    kind=DocumentKind.INVOICE,
    number="W-1001",
    people=frozenset({"ada byron"}),
    total=Money(3058, "USD"),
    dates=frozenset({date(2026, 11, 2)}),
)
UNNUMBERED = replace(DOCUMENT, number="77")


def other(number: str, seq: int = 2) -> Claim:
    return replace(
        CLAIM, event_seq=seq, key=f"invoice:{number}", event_key=f"order:{number}", numbers=frozenset({number})
    )


def sure(claims: list[Claim], documents: list[Document]) -> list[tuple[str, str]]:
    return [(pair.claim.key, pair.document.rutter_id) for pair in match(claims, documents).sure]


def doubts(claims: list[Claim], documents: list[Document]) -> list[tuple[str, str, str]]:
    return [(pair.claim.key, pair.document.rutter_id, pair.why[-1]) for pair in match(claims, documents).doubtful]


def test_number_total_and_currency_are_enough() -> None:
    stranger = replace(DOCUMENT, people=frozenset(), dates=frozenset({date(2026, 9, 1)}))
    found = match([CLAIM], [stranger])
    assert [pair.why for pair in found.sure] == [("number W-1001", "total 30.58 USD", "62 days apart")]
    assert found.doubtful == ()


def test_customer_total_and_a_day_are_enough_where_they_fit_no_other() -> None:
    late = replace(UNNUMBERED, dates=frozenset({date(2026, 11, 3)}))
    assert sure([CLAIM], [late]) == [("invoice:1001", "r-1")]


def test_two_days_apart_is_doubtful() -> None:
    late = replace(UNNUMBERED, dates=frozenset({date(2026, 11, 4)}))
    assert sure([CLAIM], [late]) == []
    assert doubts([CLAIM], [late]) == [("invoice:1001", "r-1", "but the dates are more than a day apart")]


def test_two_orders_alike_and_one_document_are_doubtful() -> None:
    assert sure([CLAIM, other("1002")], [UNNUMBERED]) == []
    assert doubts([CLAIM, other("1002")], [UNNUMBERED]) == [
        ("invoice:1001", "r-1", "but another fits as well"),
        ("invoice:1002", "r-1", "but another fits as well"),
    ]


def test_one_order_and_two_documents_alike_are_doubtful() -> None:
    twin = replace(UNNUMBERED, rutter_id="r-2", number="78")
    assert sure([CLAIM], [UNNUMBERED, twin]) == []
    assert [one[1] for one in doubts([CLAIM], [UNNUMBERED, twin])] == ["r-1", "r-2"]


def test_the_number_is_looked_at_first_and_what_is_left_may_be_sure_then() -> None:
    twin = replace(UNNUMBERED, rutter_id="r-2")
    assert sure([CLAIM, other("1002")], [DOCUMENT, twin]) == [("invoice:1001", "r-1"), ("invoice:1002", "r-2")]


def test_a_document_that_bears_the_number_of_another_order_is_not_taken_for_its_customer() -> None:
    other_total = replace(other("1002"), total=Money(999, "USD"))
    theirs = replace(DOCUMENT, number="1002")
    assert sure([CLAIM, other_total], [theirs]) == []
    assert {one[0] for one in doubts([CLAIM, other_total], [theirs])} == {"invoice:1001", "invoice:1002"}


def test_the_number_with_another_total_or_currency_is_doubtful() -> None:
    assert doubts([CLAIM], [replace(DOCUMENT, total=Money(3057, "USD"))]) == [
        ("invoice:1001", "r-1", "but the total is 30.57 USD, not 30.58 USD")
    ]
    assert sure([CLAIM], [replace(DOCUMENT, total=Money(3058, "EUR"))]) == []


def test_another_customer_s_document_is_none() -> None:
    assert match([CLAIM], [replace(UNNUMBERED, people=frozenset({"bob"}))]) == match([], [])


def test_where_nobody_says_whose_it_is_a_person_does() -> None:
    nameless = replace(UNNUMBERED, people=frozenset())
    assert sure([CLAIM], [nameless]) == []
    assert doubts([CLAIM], [nameless]) == [("invoice:1001", "r-1", "but nothing says whose it is")]


def test_a_payment_is_known_by_the_invoice_it_pays() -> None:
    paying = replace(
        CLAIM, key="payment:p1", numbers=frozenset({"ch_1"}), people=frozenset(), invoices=frozenset({"i"})
    )
    paid = replace(UNNUMBERED, people=frozenset(), settles=(Settled(invoice_id="i", minor=3058),))
    assert sure([paying], [paid]) == [("payment:p1", "r-1")]
    assert doubts([paying], [replace(paid, total=Money(1000, "USD"))]) == [
        ("payment:p1", "r-1", "but the total is 10.00 USD, not 30.58 USD")
    ]


def test_what_a_person_dismissed_is_not_asked_again_and_no_longer_in_the_way() -> None:
    twin = replace(UNNUMBERED, rutter_id="r-2", number="78")
    found = match([CLAIM], [UNNUMBERED, twin], {("shop", "invoice:1001", "r-2")})
    assert [pair.document.rutter_id for pair in found.sure] == ["r-1"]


@given(st.data())
def test_no_claim_and_no_document_is_ever_linked_twice(data: st.DataObject) -> None:
    """And a sure pair always has the same total, and its number or its customer."""
    small = st.sampled_from
    claims = [
        replace(
            CLAIM, event_seq=n, key=f"invoice:{n}", numbers=frozenset({str(data.draw(small([1, 2, 3])))}),
            people=frozenset({data.draw(small(["ada", "bob"]))}), total=Money(data.draw(small([1, 2])), "USD"),
        )
        for n in range(data.draw(st.integers(0, 5)))
    ]  # fmt: skip
    documents = [
        replace(
            DOCUMENT, rutter_id=f"r-{n}", number=data.draw(small(["1", "2", "3", "9", None])),
            people=frozenset({data.draw(small(["ada", "bob"]))}), total=Money(data.draw(small([1, 2])), "USD"),
            dates=frozenset({date(2026, 11, data.draw(small([1, 2, 3, 5])))}),
        )
        for n in range(data.draw(st.integers(0, 5)))
    ]  # fmt: skip
    found = match(claims, documents)
    assert len({pair.claim.key for pair in found.sure}) == len(found.sure)
    assert len({pair.document.rutter_id for pair in found.sure}) == len(found.sure)
    assert not {pair.document.rutter_id for pair in found.sure} & {pair.document.rutter_id for pair in found.doubtful}
    for pair in found.sure:
        assert pair.claim.total == pair.document.total
        assert pair.document.number in pair.claim.numbers or pair.claim.people & pair.document.people
