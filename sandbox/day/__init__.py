"""A seeded day of commerce, what it must leave in the books, and the auditor that compares the two.

Imports nothing outside this package: it is the witness that the rest is measured against.
"""
