"""What a type of object is to the rest of the sandbox: names, request shapes, functions that act on the company."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.company import Company
from sandbox.exact import Json
from sandbox.fields import Check
from sandbox.refusals import Refusal
from sandbox.writing import Writing

Create = Callable[[Writing, Json], Json | Refusal]
Patch = Callable[[Writing, Json, Json], Json | Refusal]
Delete = Callable[[Writing, Json], Refusal | None]
Screen = Callable[[Company, Json], str | None]


def nothing_to_screen(_company: Company, _fields: Json) -> str | None:
    """For types where the shape is all Rutter checks."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type. `screen` is Rutter's own check per platform (before acceptance); `create` is the platform's turn.

    `synchronous`: never answered in the async form.
    """

    singular: str
    plural: str
    webhook: str
    listed: bool = True
    shape: Check | None = None
    create: Create | None = None
    screen: Screen = nothing_to_screen
    patch_shape: Check | None = None
    patch: Patch | None = None
    delete: Delete | None = None
    synchronous: bool = False
