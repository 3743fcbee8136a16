"""A figure: what was measured, the ceiling beside it, the goal, and whether it is met."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Literal

Sense = Literal["at most", "at least"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A bound on the figure's `judged` value."""

    sense: Sense
    bound: float

    def met(self, value: float) -> bool:
        """Whether the value keeps the bound."""
        return value <= self.bound if self.sense == "at most" else value >= self.bound

    def margin(self, value: float) -> float:
        """How far inside the bound the value is, as a share of the bound; negative when it is outside."""
        over = value / self.bound - 1
        return -over if self.sense == "at most" else over

    def __str__(self) -> str:
        """As the table shows it."""
        return f"{'≤' if self.sense == 'at most' else '≥'} {self.bound:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. `ratio` is None where there is no ceiling; then the goal is about `measured` itself.

    `rounds`: the judged value of each round, in order; the figure is their median.
    """

    bench: str
    key: str
    what: str
    unit: str
    measured: float
    ceiling: float | None
    ratio: float | None
    goal: Goal | None
    rounds: tuple[float, ...]
    note: str = ""

    @property
    def judged(self) -> float:
        """What the goal is about."""
        return self.measured if self.ratio is None else self.ratio

    @property
    def met(self) -> bool | None:
        """None: reported without a goal."""
        return None if self.goal is None else self.goal.met(self.judged)

    def as_json(self) -> dict[str, Any]:
        """With what follows from the fields."""
        said = {"met": self.met, "margin": None if self.goal is None else self.goal.margin(self.judged)}
        return asdict(self) | said


def against_ceiling(
    key: str, what: str, unit: str, rounds: Sequence[tuple[float, float]], goal: Goal | None, *, note: str = ""
) -> Figure:
    """The figure of rounds of (subject, ceiling), measured in turns: medians of each, and of the rounds' ratios."""
    ratios = tuple(subject / ceiling if ceiling else float("nan") for subject, ceiling in rounds)
    return Figure(
        bench=key.partition(".")[0],
        key=key,
        what=what,
        unit=unit,
        measured=median(subject for subject, _ in rounds),
        ceiling=median(ceiling for _, ceiling in rounds),
        ratio=median(ratios),
        goal=goal,
        rounds=ratios,
        note=note,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank); NaN of none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
