"""What a write on its way takes off an invoice is spoken for: nothing else is planned against it."""

from consumers.planning import plan
from schemas.books import Applied
from schemas.documents import Applies
from schemas.plans import Cause, Hold
from tests.planning.shop import ada_linked, books, invoiced, last_write, line, order, parked, payment, posted, refund

ORDER = order(line(3058), total=3058)
READY = [ada_linked(), invoiced("1001")]


def spoken_for(minor: int, by: str = "payment:pi_0") -> dict[str, tuple[Applied, ...]]:
    return {
        "1001": (
            Applied(by="payment:pi_9", minor=58, document="invoice:1001"),
            Applied(by=by, minor=minor, document="invoice:1001", proven=False),
        )
    }


def test_a_payment_waits_until_it_is_known_whether_another_took_what_is_open() -> None:
    planned = plan(payment(3000, ("1001", 3000)), books([ORDER], links=READY, applied=spoken_for(1)))
    assert planned == Hold(
        "outcome:payment:pi_0",
        "payment:pi_0 may take what is open on order 1001, and is not known to be in the books yet",
    )


def test_a_payment_of_what_is_left_all_the_same_does_not_wait() -> None:
    planned = plan(payment(1000, ("1001", 1000)), books([ORDER], links=READY, applied=spoken_for(2000)))
    assert last_write(planned).applies == (Applies("1001", "invoice:1001", 1000),)


def test_too_much_in_any_case_is_said_at_once() -> None:
    park = parked(payment(3001, ("1001", 3001)), books([ORDER], links=READY, applied=spoken_for(1000)))
    assert park.cause is Cause.OVERPAYMENT


def test_its_own_write_is_no_rival() -> None:
    taken = spoken_for(3000, by="payment:pi_1")
    planned = plan(payment(3000, ("1001", 3000)), books([ORDER], links=READY, applied=taken))
    assert last_write(planned).applies == (Applies("1001", "invoice:1001", 3000),)


def test_a_credit_waits_until_it_is_known_what_is_open() -> None:
    credit = refund(1000)
    waits = plan(credit, books([ORDER], links=READY, applied=spoken_for(2001)))
    assert isinstance(waits, Hold)
    assert waits.awaits == "outcome:payment:pi_0"
    assert last_write(plan(credit, books([ORDER], links=READY, applied=spoken_for(2000)))).applies == (
        Applies("1001", "invoice:1001", 1000),
    )


def test_where_nothing_is_open_in_any_case_a_credit_does_not_wait() -> None:
    taken = {"1001": (*spoken_for(1)["1001"], Applied(by="payment:pi_8", minor=3000, document="invoice:1001"))}
    planned = posted(plan(refund(1000), books([ORDER], links=READY, applied=taken)))
    assert [write.key for write in planned.writes] == ["credit_memo:re_1"]
