"""Fuzzing the handlers: whatever comes in, every delivery has one answer, in bounded time."""
