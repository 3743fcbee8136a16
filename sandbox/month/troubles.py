"""Stories that end with a person: what cannot be booked, what is dated in closed books, what people do there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sandbox.month.facts import Buyer, Edit, File, Hand, Line
from sandbox.month.merchant import TWINS
from sandbox.month.returns import give_back
from sandbox.month.scribe import CLOSED_THROUGH_DAY, Scribe

Story = Callable[[Scribe], None]


def unmapped(scribe: Scribe) -> None:
    """Goods that nobody has mapped, and the payment behind them."""
    week = scribe.week()
    line = Line(id="1", sku=f"MYSTERY-{scribe.chance.number(1, 3)}", text="What is this", total=1234, unit=1234)
    scribe.paid(week, scribe.order(week, lines=[line]))


def twins(scribe: Scribe) -> None:
    """Two customers have the buyer's e-mail."""
    week = scribe.week()
    scribe.paid(week, scribe.order(week, buyer=Buyer(None, TWINS[0], TWINS[2])))


def too_much(scribe: Scribe) -> None:
    """More is refunded than was sold."""
    week = scribe.week(3)
    made = scribe.order(week)
    paid = scribe.paid(week, made)
    scribe.say(week + 1, give_back(scribe, made, scribe.moment(week + 1), None, paid, amount=made.total + 500))


def misfit(scribe: Scribe) -> None:
    """An order that does not add up."""
    week = scribe.week()
    scribe.say(week, replace(scribe.order(week), misfit=7))


def carrier_pigeon(scribe: Scribe) -> None:
    """A gateway without an account."""
    week = scribe.week()
    made = scribe.order(week)
    scribe.say(week, made, scribe.payment(made, made.total, "carrier pigeon"))


def franc(scribe: Scribe) -> None:
    """A currency that the company does not keep."""
    week = scribe.week()
    line = Line(id="1", sku="MUG-BLUE", text="Blue mug", total=1300, unit=1300)
    made = scribe.order(week, currency="CHF", buyer=scribe.stranger("Helvetia"), lines=[line])
    scribe.say(week, made, scribe.payment(made, 1300))


def untold(scribe: Scribe) -> None:
    """Money whose order nobody told, and money of which nobody said what for."""
    week = scribe.week()
    made = scribe.order(week)
    scribe.say(week, scribe.payment(made, made.total))
    scribe.say(week, replace(scribe.payment(made, 500), shares=None))


def late(scribe: Scribe) -> None:
    """Told in the third week, of a day that is closed by then; its payment is of an open one."""
    made = scribe.order(2, buyer=scribe.stranger("Late"))
    day = scribe.chance.number(1, CLOSED_THROUGH_DAY)
    at = scribe.month + timedelta(days=day - 1, hours=15)
    made = replace(made, at=at)
    scribe.say(3, made, scribe.payment(made, made.total, "stripe", scribe.moment(3)))


def closed_paid(scribe: Scribe) -> None:
    """An invoice of a day that is closed later, paid on an open one."""
    made = scribe.order(1)
    scribe.say(1, made)
    scribe.say(3, scribe.payment(made, made.total, "bank", scribe.moment(3)))


def files(scribe: Scribe) -> None:
    """Files to keep with the invoice; one is not what its name says."""
    week = scribe.week()
    content = scribe.chance.pick(("pdf", "png", "jpg", "csv", "txt", "exe"))
    kept = File(name=f"receipt.{'pdf' if content == 'exe' else content}", content=content)
    made = scribe.order(week)
    scribe.paid(week, replace(made, files=(kept,)))


def tags(scribe: Scribe) -> None:
    """Tags that a merchant may track by."""
    week = scribe.week()
    told = (("class", scribe.chance.pick(("Online", "Wholesale"))), ("department", "Sales"))
    scribe.paid(week, replace(scribe.order(week), tags=told))


def edited(hand: Hand) -> Story:
    """A person does that to an invoice of the second week; in the third its payment is told."""

    def story(scribe: Scribe) -> None:
        line = Line(id="1", sku="MUG-BLUE", text="Blue mug", total=5800, quantity=4, unit=1450)
        made = scribe.order(2, buyer=scribe.stranger(hand.capitalize()), lines=[line], first=CLOSED_THROUGH_DAY + 3)
        scribe.say(2, made)
        into = None
        if hand == "merged":
            into = scribe.order(2, buyer=scribe.stranger("Keeper"), lines=[line], first=CLOSED_THROUGH_DAY + 3)
            scribe.say(2, into)
        scribe.edits.append(Edit(hand=hand, order=made, amount=900 if hand == "changed" else 0, into=into))
        scribe.say(3, scribe.payment(made, made.total, "bank", scribe.moment(3)))

    return story


STORIES: Final[dict[str, tuple[int, Story]]] = {
    "unmapped_items": (2, unmapped),
    "twins": (1, twins),
    "too_much_refunded": (1, too_much),
    "misfits": (1, misfit),
    "unmapped_gateways": (1, carrier_pigeon),
    "foreign_currency": (1, franc),
    "untold_orders": (1, untold),
    "closed_orders": (2, late),
    "closed_paid": (2, closed_paid),
    "attachments": (3, files),
    "tags": (3, tags),
}
RARE: Final[dict[str, tuple[int, Story]]] = {
    "edited_paid": (2, edited("paid")),
    "edited_voided": (2, edited("voided")),
    "edited_changed": (2, edited("changed")),
    "edited_merged": (2, edited("merged")),
    "edited_deleted": (2, edited("deleted")),
}
