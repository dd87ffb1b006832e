"""New ids are new: never one that the graph ever gave out."""

from __future__ import annotations

from identity_graph.customers.ids import mint_id
from identity_graph.customers.minting import Mint
from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.graph.bolt import BoltGraph

_AT = "2026-01-01T00:00:00.000000Z"
_GROUP, _OTHER = ("crm:1", "shop:1"), ("crm:2",)


def _give_out(store: CustomerStore, *ids: str, status: str = "active") -> None:
    rows = [{"id": id, "properties": {"id": id, "status": status}} for id in ids]
    store.apply(ChangeSet(customers=rows), _AT)


def test_the_id_follows_from_the_smallest_record_where_it_is_free(embedded_graph: BoltGraph) -> None:
    store = CustomerStore(embedded_graph)
    for first_run in (True, False):
        mint = Mint(store, [_GROUP, _OTHER], first_run)
        assert mint(_GROUP) == mint_id(_GROUP, frozenset())
        assert mint(_OTHER) == mint_id(_OTHER, frozenset())


def test_an_id_given_out_before_is_never_given_again(embedded_graph: BoltGraph) -> None:
    store = CustomerStore(embedded_graph)
    first = mint_id(_GROUP, frozenset())
    second = mint_id(_GROUP, {first})
    _give_out(store, first)
    _give_out(store, second, status="retired")
    for foreseen in ([_GROUP], []):
        assert Mint(store, foreseen, first_run=False)(_GROUP) == mint_id(_GROUP, {first, second})


def test_one_mint_never_gives_one_id_twice(embedded_graph: BoltGraph) -> None:
    mint = Mint(CustomerStore(embedded_graph), [_GROUP], first_run=True)
    assert len({mint(_GROUP) for _ in range(3)}) == 3
