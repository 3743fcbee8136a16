"""Rutter: its callbacks about connections, jobs and the books, and a shop's orders and transactions through it."""
