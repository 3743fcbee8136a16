"""The types of object a shop has (Rutter: commerce orders and transactions)."""

from typing import Final

from sandbox.documents.kind import Kind

# Names as Rutter writes platforms; which ones it reaches beyond these does not matter here.
PLATFORMS: Final = frozenset({"SHOPIFY", "WOOCOMMERCE", "AMAZON"})

ORDERS = Kind(singular="order", plural="orders", webhook="ORDER")
TRANSACTIONS = Kind(singular="transaction", plural="transactions", webhook="TRANSACTION")
COMMERCE: Final[dict[str, Kind]] = {kind.plural: kind for kind in (ORDERS, TRANSACTIONS)}
