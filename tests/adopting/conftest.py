"""The console on the small day, as the console's own tests have it."""

from tests.console.conftest import api, console, played, stage, visitor

__all__ = ["api", "console", "played", "stage", "visitor"]
