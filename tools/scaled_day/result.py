"""What a run came to, and why it may not count as good."""

from dataclasses import dataclass

from sandbox.day.audit import Audit
from tools.scaled_day.announced import Announced
from tools.scaled_day.replays import Rebuilt, Replayed
from tools.scaled_day.takeover import Takeover


@dataclass(frozen=True, slots=True)
class ScaledDay:
    """One run. `answers`: webhook answers by HTTP status; `documents`: writes proven, by kind."""

    broker: str
    seed: int
    orders: int
    deliveries: int
    published: int
    answers: dict[int, int]
    forged: int
    lost: tuple[str, ...]
    released: int
    documents: dict[str, int]
    takeover: Takeover
    audit: Audit
    announced: Announced
    replayed: Replayed
    rebuilt: Rebuilt
    seconds: float

    @property
    def problems(self) -> tuple[str, ...]:
        """Empty when everything is as it must be; one line each otherwise."""
        found = [*self.takeover.problems, *_audited("the books", self.audit)]
        found += _audited("the rebuilt books", self.rebuilt.audit)
        if self.lost:
            found.append(f"{len(self.lost)} webhooks were not taken: {', '.join(self.lost[:5])}")
        if self.answers.get(401, 0) != self.forged:
            found.append(f"{self.forged} forged webhooks, {self.answers.get(401, 0)} refused")
        if self.announced.posted != sum(self.documents.values()):
            found.append(f"{sum(self.documents.values())} documents, {self.announced.posted} of them told to others")
        if not self.replayed.deliveries or self.replayed.posts:
            found.append(
                f"the replay read {self.replayed.deliveries} deliveries and posted {self.replayed.posts} times"
            )
        return tuple(found)


def _audited(which: str, audit: Audit) -> list[str]:
    found = [
        f"{which}: {len(items)} documents {word}, first {items[0]}"
        for word, items in (
            ("missing", audit.missing),
            ("doubled", audit.doubled),
            ("different", audit.different),
            ("unexpected", audit.unexpected),
        )
        if items
    ]
    return found + [
        f"{which}: {tie.connection} {tie.currency} is off by {tie.difference} minor units"
        for tie in audit.tie_out
        if not tie.ties
    ]
