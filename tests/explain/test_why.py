"""Why two are together, or not: the chain, the obstacles and the sentence, on both engines."""

from __future__ import annotations

import math

import pytest

from identity_graph.errors import NotFoundError
from identity_graph.explain import LinkKind, explain
from identity_graph.graph import Graph
from tests.customers.seed import decide, fill


@pytest.fixture
def filled(graph: Graph) -> Graph:
    fill(graph)
    return graph


def test_two_records_are_joined_by_the_strongest_chain_and_its_weakest_step(filled: Graph) -> None:
    found = explain(filled, "crm:1", "web:1")
    assert found.together
    assert [(step.left, step.right) for step in found.chain] == [("crm:1", "shop:1"), ("shop:1", "web:1")]
    assert [step.links[0].identifier for step in found.chain] == ["email:jane@mail.test", "email:jd@work.test"]
    # The pair that was scored is told beside the identifier that carries the step.
    assert [link.kind for link in found.chain[0].links] == [LinkKind.SHARED_IDENTIFIER, LinkKind.SCORED_PAIR]
    assert found.weakest is not None and found.weakest.strength == 12.0
    assert "share the email jane@mail.test since 2026-01-01" in found.sentence


def test_a_steward_decision_carries_its_step(filled: Graph) -> None:
    decide(filled, "d1", "must", "crm:1", "web:1")
    found = explain(filled, "web:1", "crm:1")
    assert [(step.left, step.right, step.strength) for step in found.chain] == [("web:1", "crm:1", math.inf)]
    assert "by decision of ana" in found.sentence


def test_a_customer_and_itself_ask_what_holds_it_together(filled: Graph) -> None:
    found = explain(filled, "c1", "c0")
    assert found.together
    assert {step.left for step in found.chain} | {step.right for step in found.chain} == {"crm:1", "shop:1", "web:1"}
    assert len(found.chain) == 2


def test_a_record_and_its_customer_show_the_strongest_tie(filled: Graph) -> None:
    found = explain(filled, "web:1", "c1")
    assert found.together
    assert [step.links[0].identifier for step in found.chain] == ["email:jd@work.test"]
    assert "one record only" in explain(filled, "crm:3", "c3").sentence


def test_what_keeps_two_apart_comes_hardest_first(filled: Graph) -> None:
    decide(filled, "d1", "cannot", "crm:1", "crm:2")
    found = explain(filled, "crm:1", "crm:2")
    assert not found.together
    assert [obstacle.kind for obstacle in found.obstacles] == [
        "decision_cannot", "unique_conflict", "scored_apart", "inactive_identifier",
    ]  # fmt: skip
    assert [link.identifier for link in found.speaks_for] == ["email:jane@mail.test"]
    assert "ana decided that crm:1 and crm:2 cannot be one person (called her)" in found.sentence
    assert "u-1 and u-2" in found.sentence


def test_what_only_a_public_record_would_join_says_so(filled: Graph) -> None:
    told = {"left": "crm:1", "right": "crm:3", "via": "site:1", "weight": 8.0, "reason": "identifiers"}
    filled.write("review/put_suggestions", rows=[told])
    found = explain(filled, "c1", "c3")
    assert [obstacle.kind for obstacle in found.obstacles] == ["only_public", "inactive_identifier"]
    assert "only site:1 would join crm:1 and crm:3" in found.sentence


@pytest.mark.parametrize(
    ("left", "right", "kinds"),
    [
        ("c1", "c3", ["inactive_identifier"]),
        ("web:1", "crm:3", ["inactive_identifier"]),
        ("crm:2", "crm:3", ["scored_apart", "inactive_identifier"]),
        ("crm:1", "crm:9", ["not_resolved"]),
    ],
)
def test_every_pair_apart_has_a_reason(filled: Graph, left: str, right: str, kinds: list[str]) -> None:
    found = explain(filled, left, right)
    assert not found.together
    assert [obstacle.kind for obstacle in found.obstacles] == kinds
    assert found.sentence.startswith(f"{left} and {right} are not one customer")


def test_what_was_never_stored_is_not_found(filled: Graph) -> None:
    with pytest.raises(NotFoundError, match="neither a record nor a customer"):
        explain(filled, "crm:1", "nobody")
