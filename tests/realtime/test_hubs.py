"""One identifier on very many visitors: one more is resolved alone, nobody is compared needlessly, a batch agrees."""

from __future__ import annotations

from typing import Any

from identity_graph.namespaces import DEFAULT_NAMESPACES
from tests.realtime.memory import Memory
from tests.realtime.world import row

_MOST = DEFAULT_NAMESPACES["device_id"].limit or 0


def _visitors(first: int, last: int) -> list[dict[str, Any]]:
    return [row(f"web:{number:03}", ("device_id:tv",)) for number in range(first, last)]


def _together(memory: Memory) -> int:
    """Return how many records the first visitor is with."""
    return len(memory.said.place["web:000"][0])


def test_a_visitor_more_than_an_identifier_may_have_frees_all_and_the_next_is_resolved_alone() -> None:
    memory = Memory()
    memory.put(*_visitors(0, _MOST))
    assert _together(memory) == _MOST
    assert len(memory.put(*_visitors(_MOST, _MOST + 1))) == _MOST + 1
    assert _together(memory) == 1
    told = memory.said.status
    assert told["device_id:tv"][0] == "quarantined"
    assert memory.put(*_visitors(_MOST + 1, _MOST + 2)) == {f"web:{_MOST + 1:03}"}
    assert memory.put(without=["web:003"]) == {"web:003"}
    assert memory.said.status == told  # nothing to write to the graph for each of a million
    assert memory.said == memory.batch()
    memory.put(without=["web:007"])
    assert _together(memory) == _MOST
    assert memory.said == memory.batch()


def test_visitors_of_one_identifier_are_weighed_in_pairs_that_grow_with_them() -> None:
    pairs = []
    for count in (20, 40):
        memory = Memory()
        memory.put(*_visitors(0, count))
        assert _together(memory) == count
        assert memory.said == memory.batch()
        index = memory.index
        pairs.append(sum(len(index.neighbours.of(f"web:{number:03}")) for number in range(count)))
    assert pairs == [0, 0]


def test_visitors_are_not_compared_when_their_address_is_quarantined() -> None:
    memory = Memory()
    people = (("Ada", "Lee"), ("Bo", "Kaur"), ("Cy", "Moss"))
    memory.put(
        *(row(f"crm:{place}", given_name=given, family_name=family, email="a@mail.test")
          for place, (given, family) in enumerate(people)),
        row("web:0", email="a@mail.test"), row("web:1", email="a@mail.test"),
    )  # fmt: skip
    assert memory.said.status["email:a@mail.test"][0] == "quarantined"
    assert memory.said.place["web:0"][0] == {"web:0"}
    assert ("web:0", "web:1") not in memory.said.pairs
    assert memory.said == memory.batch()


def test_records_of_a_person_on_one_address_are_one_customer_whose_pairs_are_kept() -> None:
    memory = Memory()
    said = {"given_name": "Ada", "family_name": "Lee", "email": "a@mail.test", "birth_date": "1960-01-01"}
    memory.put(*(row(f"shop:{number}", **said) for number in range(4)))
    memory.put(row("shop:4", **said))
    assert memory.said == memory.batch() == memory.at_once()
