"""Names of deliveries: unique before anything is stored, and in the order of time, which database indexes like."""

from datetime import datetime
from typing import Final

CHANCE_BYTES: Final = 10


def delivery_id(at: datetime, chance: bytes) -> str:
    """A UUID of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, 74 of the 80 bits of `chance`."""
    milliseconds = int(at.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    random = int.from_bytes(chance, "big")
    high = 0x7000 | (random >> 68) & 0x0FFF
    low = 0x8000_0000_0000_0000 | random & 0x3FFF_FFFF_FFFF_FFFF
    digits = f"{milliseconds:012x}{high:04x}{low:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
