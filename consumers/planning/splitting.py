"""Parts of one fact over several documents: in the order they were told, and the part at the border is divided.

What is below zero goes first, so that every amount up to the whole can be reached.
"""

from collections.abc import Sequence
from dataclasses import replace

from consumers.planning.lines import Part, sum_of


def split(parts: Sequence[Part], amounts: Sequence[int]) -> tuple[tuple[Part, ...], ...]:
    """Parts that come to each of `amounts` (minor units, not below zero, in sum what the parts come to).

    Only for parts without tax rates: what a platform adds to them cannot be divided to the cent.
    """
    if sum_of(parts) != sum(amounts):
        raise ValueError(f"parts come to {sum_of(parts)}, and {sum(amounts)} was to be divided")
    negative = [part for part in parts if part.minor < 0]
    left = [part for part in parts if part.minor >= 0]
    documents: list[tuple[Part, ...]] = []
    for index, amount in enumerate(amounts):
        taken, negative = negative, []
        room = amount - sum_of(taken)
        while left and (left[0].minor <= room or index == len(amounts) - 1):
            room -= left[0].minor
            taken.append(left.pop(0))
        if room > 0 and left:
            whole = left[0]
            taken.append(_part(whole, room))
            left[0] = _part(whole, whole.minor - room)
        documents.append(tuple(taken))
    return tuple(documents)


def _part(whole: Part, minor: int) -> Part:
    """What a divided part is: its quantity and unit price are of the whole."""
    return replace(whole, minor=minor, quantity=None, unit_price=None)
