"""Leaving out of a request what belongs to other platforms."""

from functools import cache

from sandbox.exact import Json
from sandbox.platforms.registry import SPECIAL, rules_of


def without_foreign(platform: str, plural: str, fields: Json) -> tuple[Json, list[str]]:
    """The fields without those of other platforms, and the names of what was left out."""
    left_out: list[str] = []
    for path in _foreign(platform, plural):
        kept = _without(fields, path.split("."))
        if kept is not fields:
            fields = kept
            left_out.append(path)
    return fields, left_out


@cache
def _foreign(platform: str, plural: str) -> tuple[str, ...]:
    taken = rules_of(platform).takes.get(plural, frozenset())
    return tuple(sorted(SPECIAL.get(plural, frozenset()) - taken))


def _without(fields: Json, path: list[str]) -> Json:
    """A copy without what the path leads to; the same object when there is nothing."""
    name, rest = path[0], path[1:]
    held = fields.get(name.removesuffix("[]"))
    if held is None:
        return fields
    if not rest:
        return {key: value for key, value in fields.items() if key != name}
    if name.endswith("[]"):
        if not isinstance(held, list):
            return fields
        kept = [_without(one, rest) if isinstance(one, dict) else one for one in held]
        same = all(one is before for one, before in zip(kept, held, strict=True))
        return fields if same else {**fields, name[:-2]: kept}
    inner = _without(held, rest) if isinstance(held, dict) else held
    return fields if inner is held else {**fields, name: inner}
