"""Being written."""

from handlers.fields import Field
from schemas.deliveries import Ignored, Translation
from schemas.sources import Source


def read(body: Field, source: Source) -> Translation:  # noqa: ARG001  # being written
    """Being written."""
    return Ignored("not read yet")
