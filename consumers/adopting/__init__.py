"""Adopting: which documents that are in the books already are what our events would make. Pure."""
