"""Whatever a mapping holds, the file and the trail give it back as it was."""

import string
from dataclasses import fields
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.connections import Connection, ConnectionState
from schemas.mapping import Clearing, ItemRule, Items, Mapping, Named, Numbers, Policies, TaxRule, Tracking, When
from service.configuration.file import Declarations, Secrets, read_file
from service.configuration.mapping_writing import connection_toml
from service.trail.mapping_json import mapping_json, mapping_of

T = TypeVar("T")
TEXTS = st.text(min_size=1, max_size=12)
ALIASES = st.text(string.ascii_lowercase + string.digits + "._-", min_size=1, max_size=8).filter(
    lambda text: text[0] not in "._-"
)
NAMES = st.one_of(st.builds(Named, name=TEXTS), st.builds(Named, code=TEXTS), st.builds(Named, id=TEXTS))
MAYBE_NAMES = st.none() | NAMES
MAYBE_TEXTS = st.none() | TEXTS


def pairs(keys: st.SearchStrategy[str], values: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[tuple[str, T], ...]]:
    return st.lists(st.tuples(keys, values), max_size=3, unique_by=lambda pair: pair[0]).map(tuple)


def some(one: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(one, max_size=2).map(tuple)


WHENS = st.builds(
    When,
    source=MAYBE_TEXTS,
    currency=st.sampled_from([None, "USD", "JPY"]),
    country=MAYBE_TEXTS,
    sku=MAYBE_TEXTS,
    tag=st.none() | st.tuples(TEXTS, TEXTS),
    gateway=MAYBE_TEXTS,
    method=MAYBE_TEXTS,
)
ROLES = st.sampled_from([None, "fallback", "shipping", "tax", "payment_reversal"])
ITEM_NAMES = {
    field.name: MAYBE_NAMES
    for field in fields(Items)
    if field.name not in {"rules", "by_sku", "match_sku", "require_mapping", "create"}
}
ITEMS = st.builds(
    Items,
    rules=some(st.builds(ItemRule, item=NAMES, when=WHENS, role=ROLES)),
    by_sku=pairs(TEXTS, NAMES),
    match_sku=st.booleans(),
    require_mapping=st.booleans(),
    create=st.booleans(),
    **ITEM_NAMES,
)
TRACKING = st.builds(
    Tracking,
    dimension=TEXTS,
    tag=MAYBE_TEXTS,
    values=pairs(TEXTS, NAMES),
    otherwise=MAYBE_NAMES,
    required=st.booleans(),
    when=WHENS,
)
POLICIES = st.builds(
    Policies,
    refund=st.sampled_from([None, "credit_memo", "customer_refund"]),
    overpayment=st.sampled_from(["open_credit", "park"]),
    prepayment=st.sampled_from(["hold", "post"]),
    fees=st.sampled_from(["ignore", "book"]),
    chargeback=st.sampled_from([None, "loss", "reopen"]),
    closed_books=st.sampled_from(["hold", "first_open_day", "ask"]),
    closed_through=st.none() | st.dates(),
)
RATES = st.none() | st.sampled_from(["0.08", "0.0825", "8.875", "21"])
MAPPINGS = st.builds(
    Mapping,
    items=ITEMS,
    clearing=some(st.builds(Clearing, account=NAMES, when=WHENS)),
    receivable=MAYBE_NAMES,
    income=MAYBE_NAMES,
    tax_liability=MAYBE_NAMES,
    cash_customer=MAYBE_NAMES,
    tax=st.sampled_from([None, "rates", "header", "line"]),
    tax_rates=some(st.builds(TaxRule, use=NAMES, code=MAYBE_TEXTS, rate=RATES, when=WHENS)),
    tracking=some(TRACKING),
    payment_methods=pairs(TEXTS, NAMES),
    terms=MAYBE_NAMES,
    due_days=st.none() | st.integers(0, 365),
    numbers=st.builds(Numbers, prefix=st.text(max_size=8), by_source=pairs(ALIASES, st.text(max_size=8))),
    policies=POLICIES,
)


@settings(max_examples=200)
@given(MAPPINGS, ALIASES, st.sampled_from([None, "USD"]), st.sampled_from([480, 60]))
def test_a_mapping_written_as_toml_reads_as_it_was(mapping: Mapping, alias: str, home: str | None, calls: int) -> None:
    connection = Connection(
        alias=alias,
        rutter_id="",
        platform="",
        time_zone="Asia/Tokyo",
        home_currency=home,
        mapping=mapping,
        state=ConnectionState.READY,
        calls_per_minute=calls,
    )

    read = read_file(connection_toml(connection), Secrets({}))

    assert read == Declarations((connection,), ())


@settings(max_examples=200)
@given(MAPPINGS)
def test_a_mapping_kept_in_the_trail_is_the_one_that_was_put_there(mapping: Mapping) -> None:
    assert mapping_of(mapping_json(mapping)) == mapping
