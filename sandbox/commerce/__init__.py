"""Shops linked through Rutter: their orders and transactions, which the sandbox plays beside accounting systems."""
