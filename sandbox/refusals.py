"""Why a call is refused: Rutter's error envelope and the HTTP status that carries it (Rutter: Errors).

The codes of the connection errors are Rutter's. Rutter's own names for bad input and for platform refusals are not
published in what we could read; `INVALID_REQUEST` and `PLATFORM_ERROR` below are ours, and docs/sandbox.md says so.
"""

from dataclasses import dataclass

from sandbox.exact import Json
from sandbox.platforms.envelopes import raw_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refusal. `reason` is a stable word for the sandbox's own request list; it is not in the answer's codes."""

    status: int
    error_type: str
    error_code: str
    message: str
    reason: str
    platform: Json | None = None

    def body(self) -> Json:
        """The error envelope."""
        source = "rutter" if self.platform is None else "platform"
        metadata: Json = {"source": source, "human_readable": self.message}
        if self.platform is not None:
            metadata["platform"] = self.platform
        return {
            "error_type": self.error_type,
            "error_code": self.error_code,
            "error_message": self.message,
            "error_metadata": metadata,
        }


def invalid_input(message: str, *, status: int = 400, reason: str = "invalid_input") -> Refusal:
    """Refused by Rutter itself, before acceptance."""
    return Refusal(
        status=status,
        error_type="API_REQUEST_ERROR",
        error_code="INVALID_REQUEST",
        message=message,
        reason=reason,
    )


def connection_error(code: str, message: str, *, status: int) -> Refusal:
    """A CONNECTION_ERROR: INVALID_CREDENTIALS, NEEDS_UPDATE, CONNECTION_DISABLED, PRODUCT_NOT_READY."""
    return Refusal(status=status, error_type="CONNECTION_ERROR", error_code=code, message=message, reason=code.lower())


def by_platform(platform: str, reason: str, message: str, *, status: int = 450) -> Refusal:
    """The accounting platform said no to an accepted write: HTTP 450, with its raw answer in `error_metadata`."""
    return Refusal(
        status=status,
        error_type="PLATFORM_ERROR",
        error_code="PLATFORM_ERROR",
        message=message,
        reason=reason,
        platform=raw_refusal(platform, reason, message),
    )


def server_fault(status: int) -> Refusal:
    """A 5xx: the outcome is unknown to the caller (Rutter: Handling errors)."""
    return Refusal(
        status=status,
        error_type="INTERNAL_ERROR",
        error_code="INTERNAL_ERROR",
        message="Something went wrong on our side",
        reason="server_fault",
    )


def too_many(status: int = 429) -> Refusal:
    """429 by Rutter, 452 by the platform behind it."""
    return Refusal(
        status=status,
        error_type="RATE_LIMIT_ERROR",
        error_code="RATE_LIMIT_EXCEEDED",
        message="Too many requests; wait and try again",
        reason="rate_limit",
    )
