"""From a seed to a whole month on one platform."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sandbox.day.chance import Chance
from sandbox.day.tellings import Telling
from sandbox.month import returns, sales, troubles
from sandbox.month.canonical import FILES_AT, tell
from sandbox.month.facts import Edit, Happened, Payment
from sandbox.month.merchant import Merchant
from sandbox.month.scribe import Scribe, month_of
from sandbox.month.shops import Told, sell

OFTEN: Final = {**sales.STORIES, **returns.STORIES, **troubles.STORIES}
RARE: Final = {**sales.RARE, **troubles.RARE}
FEATURES: Final = (*OFTEN, *RARE, "webhooks")
_SHARE_OF_WEBHOOKS: Final = 5
"""One event of so many is told by Stripe or Shopify."""
_FACTS_A_SALE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happens, as it is told week by week; what people do in the books after the second week."""

    seed: int
    merchant: Merchant
    begins: datetime
    happened: tuple[Happened, ...]
    weeks: tuple[tuple[Telling, ...], ...]
    edits: tuple[Edit, ...]

    @property
    def count(self) -> int:
        """Facts."""
        return len(self.happened)


def generate(
    seed: int,
    merchant: Merchant,
    events: int,
    *,
    only: Iterable[str] = (),
    without: Iterable[str] = (),
    files_at: str = FILES_AT,
    begins: datetime | None = None,
) -> Month:
    """About so many facts: the same arguments give the same month, byte for byte.

    Raises:
        ValueError: for a feature that there is none of.
    """
    chosen = frozenset(only) or frozenset(FEATURES)
    unknown = sorted((chosen | frozenset(without)) - frozenset(FEATURES))
    if unknown:
        raise ValueError(f"no feature {unknown[0]}; there are {', '.join(FEATURES)}")
    chosen -= frozenset(without)
    month = begins or month_of(2026, 10)
    scribe = Scribe(seed, merchant, month)
    webhooks = events // _SHARE_OF_WEBHOOKS // _FACTS_A_SALE if "webhooks" in chosen else 0
    told = sell(seed, month, webhooks // 2, webhooks // 2)
    _rare(scribe, chosen)
    _often(scribe, chosen, events - sum(len(one.facts) for one in told))
    happened = (
        *scribe.happened,
        *(Happened(fact, one.week, "webhooks") for one in told for fact in one.facts),
    )
    return Month(
        seed=seed,
        merchant=merchant,
        begins=month,
        happened=happened,
        weeks=tuple(_arrivals(scribe, told, week, files_at) for week in (1, 2, 3, 4)),
        edits=tuple(scribe.edits),
    )


def _rare(scribe: Scribe, chosen: frozenset[str]) -> None:
    for feature, (times, story) in RARE.items():
        scribe.feature = feature
        for _ in range(times if feature in chosen else 0):
            story(scribe)


def _often(scribe: Scribe, chosen: frozenset[str], events: int) -> None:
    """Every feature once, and then by how often each is; until there are enough."""
    bag = [feature for feature, (weight, _) in OFTEN.items() if feature in chosen for _ in range(weight)]
    turns = [feature for feature in OFTEN if feature in chosen]
    while bag and (turns or len(scribe.happened) < events):
        scribe.feature = turns.pop(0) if turns else scribe.chance.pick(bag)
        OFTEN[scribe.feature][1](scribe)


def _arrivals(scribe: Scribe, told: list[Told], week: int, files_at: str) -> tuple[Telling, ...]:
    """The week's tellings by their time, some earlier than what they refer to, some told again."""
    chance = Chance(week, "arrivals")
    own = [tell(one.fact, scribe.merchant, files_at) for one in scribe.happened if one.week == week]
    fuller = [_told_less(one, scribe.merchant, files_at) for one in scribe.happened if one.week == week]
    own += [one for one in fuller if one is not None]
    line = sorted([*own, *(telling for one in told if one.week == week for telling in one.tellings)], key=_at)
    again = chance.several(line, len(line) // 25)
    line += again
    for place in range(len(line)):
        if chance.number(1, 12) == 1:
            other = min(len(line) - 1, place + chance.number(1, 30))
            line[place], line[other] = line[other], line[place]
    return tuple(line)


def _at(telling: Telling) -> datetime:
    return telling.at


def _told_less(one: Happened, merchant: Merchant, files_at: str) -> Telling | None:
    """Another telling of a payment, by somebody who knows less of it."""
    fact = one.fact
    if isinstance(fact, Payment) and fact.method is not None:
        return tell(replace(fact, method=None, settled=None), merchant, files_at)
    return None
