"""What lineage entries are completed with: links of merges, and values that are others now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from identity_graph.customers.lineage import CustomerChange
from identity_graph.customers.telling import Merge, with_other_values, with_witness
from identity_graph.model import ChangeKind

_MERGED = CustomerChange(ChangeKind.MERGED, "c1", {"survivor": "c1", "absorbed": [{"id": "c2", "records": ["b:1"]}]})
_RETIRED = CustomerChange(ChangeKind.RETIRED, "c2", {"successor": "c1", "records": ["b:1"]})


class Heard:
    """A witness that says the same of all."""

    def __init__(self, links: list[dict[str, Any]], decision: str | None) -> None:
        self.asked: list[Any] = []
        self._links, self._decision = links, decision

    def joined(self, merges: Sequence[Merge]) -> list[list[dict[str, Any]]]:
        self.asked.extend(merges)
        return [self._links for _ in merges]

    def parted(self, splits: Sequence[Mapping[str, Any]]) -> list[str | None]:
        self.asked.extend(splits)
        return [self._decision for _ in splits]


def test_merges_and_splits_get_their_reasons_and_nothing_else_does() -> None:
    links = [{"left": "a:1", "right": "b:1", "decision_id": None}, {"left": "a:2", "right": "b:1", "decision_id": "d7"}]
    former = {"c1": {"a:1": "c1", "b:1": "c2", "n:1": None}}
    split = CustomerChange(ChangeKind.SPLIT, "c3", {"from": "c3", "into": [], "records": ["c:1"]})
    heard = Heard(links, "d9")
    merged, retired, parted = with_witness([_MERGED, _RETIRED, split], former, heard)
    assert heard.asked == [Merge("c1", ("c2",), former["c1"]), split.data]
    assert merged.data == {**_MERGED.data, "edges": links, "decision_id": "d7"}
    assert retired == _RETIRED
    assert parted.data == {**split.data, "decision_id": "d9"}
    heard.asked.clear()
    assert with_witness([_RETIRED], former, heard) == [_RETIRED]
    assert heard.asked == [], "who has nothing to say is not asked"


def test_other_values_join_the_entry_there_is_or_make_one() -> None:
    grown = CustomerChange(ChangeKind.UPDATED, "c1", {"added": ["a:2"], "removed": []})
    before = {
        "c1": {"city": "Rome", "email": "a@b.test"},
        "c2": {"city": "Oslo"},
        "c3": {"city": "Bern", "certainty": 1},
    }
    after = {"c1": {"city": "Paris", "email": "a@b.test"}, "c2": {}, "c3": {"city": "Bern", "certainty": 2, "id": "c3"}}
    told = with_other_values([grown, _RETIRED], before, after)
    assert [(change.kind.value, change.customer_id, change.data.get("traits")) for change in told] == [
        ("updated", "c1", {"city": {"before": "Rome", "after": "Paris"}}),
        ("retired", "c2", None),
        ("updated", "c2", {"city": {"before": "Oslo", "after": None}}),
    ]
    assert told[0].data["added"] == ["a:2"]
