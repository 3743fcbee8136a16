"""An order's story has what was taken back of it, two steps away."""

from service.console.timeline import timeline
from service.trail.stories import story_of_order
from tests.trail.hands import Hands
from tests.trail.told import NAMESPACE, cancelled, order, payment, payment_reversed, refund, refund_reversed


async def test_reversals_belong_to_the_order_of_what_they_take_back(hands: Hands) -> None:
    await hands.tell(order(), payment(), refund("re1", None, "p1"), payment_reversed("dp_1", "p1"))
    await hands.tell(refund_reversed("rr_1", "re1"), cancelled("1001"), payment_reversed("dp_2", "p2"))

    story = await hands.trail.read(lambda c: story_of_order(c, "acme", NAMESPACE, "1001"))

    assert story is not None
    assert sorted(fact.key for fact in story.facts) == [
        "cancellation:1001",
        "order:1001",
        "payment:p1",
        "payment_reversal:dp_1",
        "refund:re1",
        "refund_reversal:rr_1",
    ]
    titles = [moment.title for moment in timeline(story) if moment.what == "event"]
    assert "order.cancelled" in titles
    assert "payment.reversed  25.00 USD" in titles
