"""A seeded month of commerce on one platform, what it must leave in the books by a bookkeeper's own reckoning, and the
auditor that compares the two.

Imports nothing of the service: it is the witness that the rest is measured against.
"""
