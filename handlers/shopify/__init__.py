"""Shopify: orders, transactions and refunds, in decimal texts of the shop's currency."""
