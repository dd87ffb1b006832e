"""Finds the customers that identifiers and customer ids may mean, now or at an earlier time, in one round trip.

What is asked for comes in, a search for each goes out in the same order: customers, the closest first, or why there are
none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from identity_graph.customers.read import identifier_spellings, nobody, unusable, without_customer
from identity_graph.customers.store import batched
from identity_graph.errors import IdentityGraphError, InvalidSettingError, NotFoundError
from identity_graph.graph.port import Graph, Row
from identity_graph.normalise import NormaliseContext
from identity_graph.profiles.views import Question

__all__ = ["CUSTOMER_ID", "Asked", "Search", "find_customers", "nobody_held"]

CUSTOMER_ID = "customer_id"
"""The namespace of customer ids, retired ones included; no identifier is called so."""

_KEYS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """An identifier as people write it, or a customer id in the namespace `customer_id`."""

    namespace: str
    value: str


@dataclass(frozen=True, slots=True)
class Search:
    """What one question may mean.

    Attributes:
        requested: the key of the identifier that was found, or the customer id.
        customers: customer ids, the closest first.
        by_id: a customer id was asked for.
        error: why there are none.
    """

    requested: str
    customers: tuple[str, ...] = field(default=())
    by_id: bool = False
    error: IdentityGraphError | None = None


def find_customers(graph: Graph, context: NormaliseContext, asked: Sequence[Asked], question: Question) -> list[Search]:
    """Find the customers that each question may mean.

    Args:
        graph: where they are.
        context: how values without a country are read.
        asked: what is asked for.
        question: at which time; at an earlier one the customers had some record that held the identifier at any time.
    """
    spelled: list[list[str] | IdentityGraphError] = []
    for one in asked:
        try:
            by_id = one.namespace == CUSTOMER_ID
            spelled.append([] if by_id else identifier_spellings(one.namespace, one.value, context))
        except InvalidSettingError as error:
            spelled.append(error)
    holders: dict[str, list[Row]] = {}
    wanted = dict.fromkeys(key for keys in spelled if not isinstance(keys, IdentityGraphError) for key in keys)
    for keys in batched(list(wanted), _KEYS_AT_ONCE):
        past = question.as_of is not None
        for row in graph.read("profiles/holders", keys=keys, past=past, at=question.at):
            holders.setdefault(row["key"], []).append(row)
    return [_search(graph, one, keys, holders, question) for one, keys in zip(asked, spelled, strict=True)]


def _search(
    graph: Graph,
    asked: Asked,
    spelled: list[str] | IdentityGraphError,
    holders: Mapping[str, list[Row]],
    question: Question,
) -> Search:
    if isinstance(spelled, IdentityGraphError):
        return Search(asked.value, error=spelled)
    if not spelled:
        return Search(asked.value.strip(), (asked.value.strip(),), by_id=True)
    key = next((key for key in spelled if key in holders), None)
    if key is None:
        return Search(spelled[0], error=nobody_held(spelled[0], question))
    rows = holders[key]
    if rows[0]["status"] not in (None, "active"):
        return Search(key, error=unusable(rows[0]))
    customers = tuple(row["customer_id"] for row in rows if row["customer_id"] is not None)
    if not customers:
        past = question.as_of is not None
        return Search(key, error=nobody_held(key, question) if past else without_customer(graph, key))
    return Search(key, customers)


def nobody_held(key: str, question: Question) -> NotFoundError:
    """Return the error of an identifier that stands for nobody at the time of a question."""
    if question.as_of is None:
        return nobody(key)
    return NotFoundError(
        f"Nobody held the identifier {key} at {question.at}, as far as the graph knew then.",
        ids=[key],
        next_step="Ask for a later time, or without as_of.",
    )
