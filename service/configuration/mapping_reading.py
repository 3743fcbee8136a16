"""From the tables of the configuration file to a connection's mapping."""

from collections.abc import Mapping as Dict

from schemas.mapping import (
    Clearing,
    ItemRule,
    Items,
    Mapping,
    Named,
    Numbers,
    Policies,
    TaxRule,
    Tracking,
)
from service.configuration.mapping_tables import ItemsTable, MappingTable, TrackingTable
from service.configuration.named import NamedEntry


def mapping_of(table: MappingTable) -> Mapping:
    """What the file says."""
    return Mapping(
        items=_items(table.items),
        clearing=tuple(Clearing(account=row.account.named(), when=row.when(row.tag)) for row in table.clearing),
        receivable=_named(table.receivable),
        income=_named(table.income),
        tax_liability=_named(table.tax_liability),
        cash_customer=_named(table.cash_customer),
        tax=table.tax,
        tax_rates=tuple(
            TaxRule(use=row.use.named(), code=row.code, rate=row.rate, when=row.when(row.tag))
            for row in table.tax_rates
        ),
        tracking=tuple(_tracking(row) for row in table.tracking),
        payment_methods=_pairs(table.payment_methods),
        terms=_named(table.terms),
        due_days=table.due_days,
        numbers=Numbers(prefix=table.number_prefix, by_source=tuple(table.numbers.items())),
        policies=Policies(
            refund=table.refund_policy,
            overpayment=table.overpayment,
            prepayment=table.prepayment,
            fees=table.fees,
            chargeback=table.chargeback,
            closed_books=table.closed_books,
            closed_through=table.closed_through,
        ),
    )


def _items(table: ItemsTable) -> Items:
    return Items(
        rules=tuple(ItemRule(item=row.item.named(), when=row.when(row.tag), role=row.role) for row in table.rules),
        fallback=_named(table.fallback),
        by_sku=_pairs(table.by_sku),
        match_sku=table.match_sku,
        require_mapping=table.require_mapping,
        create=table.create,
        shipping=_named(table.shipping),
        tip=_named(table.tip),
        discount=_named(table.discount),
        rounding=_named(table.rounding),
        tax=_named(table.tax),
        gift_card=_named(table.gift_card),
        fee=_named(table.fee),
        payment_reversal=_named(table.payment_reversal),
    )


def _tracking(row: TrackingTable) -> Tracking:
    return Tracking(
        dimension=row.dimension,
        tag=row.tag,
        values=_pairs(row.values),
        otherwise=_named(row.otherwise),
        required=row.required,
        when=row.when(row.when_tag),
    )


def _pairs(entries: Dict[str, NamedEntry]) -> tuple[tuple[str, Named], ...]:
    return tuple((name, entry.named()) for name, entry in entries.items())


def _named(entry: NamedEntry | None) -> Named | None:
    return None if entry is None else entry.named()
