"""What a part says when this machine cannot start it."""


class PartUnavailableError(RuntimeError):
    """One line: which part, what is missing here, and what cures it."""
