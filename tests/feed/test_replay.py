"""Whoever follows the feed from its beginning knows the customers that are now, and whom each earlier id stands for."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from identity_graph.customers.read import CustomerReader
from identity_graph.customers.store import CustomerStore
from identity_graph.feed import ChangeFeed, CloudEvent
from identity_graph.graph.bolt import BoltGraph
from identity_graph.model import Verdict
from identity_graph.settings import Settings
from tests.realtime.world import FAMILY, GIVEN, Town, row


class _Follower:
    """Keeps a copy of the customers, as docs/feed.md says how."""

    def __init__(self) -> None:
        self.customer_of: dict[str, str] = {}
        self.stands_for: dict[str, str | None] = {}

    def hear(self, event: CloudEvent) -> None:
        data, customer = event.data, event.subject
        match event.type:
            case "customer.created":
                self.stands_for.pop(customer, None)
                self._hold(data["records"], customer)
            case "customer.updated":
                self._hold(data["added"], customer)
                for key in data["removed"]:
                    assert self.customer_of.pop(key) == customer
            case "customer.merged":
                for one in data["absorbed"]:
                    self._hold(one["records"], customer)
            case "customer.split":
                for one in data["into"]:
                    self._hold(one["records"], one["customer_id"])
                assert all(self.customer_of[key] == customer for key in data["records"])
            case "customer.retired":
                self.stands_for[customer] = data["successor"]
                self.customer_of = {key: held for key, held in self.customer_of.items() if held != customer}

    def current(self, customer: str) -> str | None:
        """Return the customer that answers for an id."""
        name: str | None = customer
        while name is not None and name in self.stands_for:
            name = self.stands_for[name]
        return name

    def _hold(self, keys: list[str], customer: str) -> None:
        self.customer_of.update(dict.fromkeys(keys, customer))


@pytest.mark.parametrize("seed", range(3))
def test_the_feed_told_from_its_beginning_is_what_is_now(
    embedded_graph: BoltGraph, embedded_settings: Settings, seed: int
) -> None:
    random, town = Random(seed), Town(embedded_graph, embedded_settings)
    keys = [f"{source}:{number}" for source in ("crm", "shop", "web") for number in range(5)]

    def somebody(key: str) -> dict[str, Any]:
        said = {"given_name": random.choice(GIVEN[:2]), "family_name": random.choice(FAMILY[:2])}
        said |= {"email": f"{random.choice('abc')}@mail.test"} if random.random() < 0.7 else {}
        return row(key, minute=random.randrange(60), **said)

    for _ in range(40):
        match random.randrange(6):
            case 0:
                town.delete(random.choice(keys))
            case 1:
                town.decide(random.choice((Verdict.MUST, Verdict.CANNOT)), *random.sample(keys, 2))
            case 2:
                town.undo(random.randrange(40))
            case _:
                town.put(*(somebody(key) for key in random.sample(keys, random.randrange(1, 4))))
        town.step()

    follower, feed, after = _Follower(), ChangeFeed(embedded_graph), 0
    while (page := feed.page(after, 7)).events:
        after = page.seq
        for event in page.events:
            follower.hear(event)
    memberships = CustomerStore(embedded_graph).memberships().to_pylist()
    assert follower.customer_of == {one["record_key"]: one["customer_id"] for one in memberships}
    reader = CustomerReader(embedded_graph)
    for name in follower.stands_for:
        assert reader.current_id(name) == (follower.current(name) or name)
    assert follower.stands_for
