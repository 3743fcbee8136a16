"""The trail on both databases, as the trail's own tests have it."""

from tests.trail.conftest import bare, clock, hands, keys, migrated, trail, where

__all__ = ["bare", "clock", "hands", "keys", "migrated", "trail", "where"]
