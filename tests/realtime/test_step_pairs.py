"""Which scored pairs a step stores, which it leaves as they are, and which of the stored ones go."""

from __future__ import annotations

from typing import Any

import pytest

from identity_graph.model import Verdict
from identity_graph.pipeline import match_rows
from identity_graph.realtime import step_pairs
from tests.realtime.memory import OTHERS, Memory
from tests.realtime.world import row

_NIA = {"given_name": "Nia", "family_name": "Quist"}
_PHONE = {"phone": "+49301000001", "birth_date": "1960-01-01"}


@pytest.mark.parametrize(
    ("before", "change"),
    [
        pytest.param([], row("web:1", **_NIA, birth_date="1960-01-01"), id="of a record that came"),
        pytest.param([row("web:1", **_PHONE), row("web:4", **_PHONE)], row("web:1", **_NIA, **_PHONE),
                     id="of a record that changed and is not alone"),
    ],
)  # fmt: skip
def test_a_pair_is_stored_though_the_other_record_is_not_resolved(before: list[Any], change: Any) -> None:
    """The two are alike and no more; the other is not alone, so nothing of it depends on the one that changed."""
    memory = Memory()
    memory.put(*OTHERS, *before, *(row(f"web:{number}", **_NIA, birth_date="1971-02-03") for number in (2, 3)))
    assert ("web:1", "web:2") not in memory.said.pairs
    touched = memory.put(change)
    assert "web:2" not in touched
    assert ("web:1", "web:2") in memory.said.pairs
    assert memory.said == memory.at_once()


@pytest.mark.parametrize(
    ("change", "stored"),
    [
        pytest.param(row("web:1", given_name="Nia", plan="pro"), True, id="nothing that is compared"),
        pytest.param(row("web:1", given_name="Nia", phone="+49301000001"), False, id="another phone"),
        pytest.param(row("web:1", given_name="Bo"), False, id="another name"),
        pytest.param(None, False, id="that it is gone"),
    ],
)
def test_a_stored_pair_goes_when_a_change_leaves_too_little_of_it(change: Any, stored: bool) -> None:
    memory = Memory()
    memory.put(*OTHERS, row("web:1", given_name="Nia"), row("web:2", given_name="Nia", phone="+49301000002"))
    assert ("web:1", "web:2") in memory.said.pairs
    memory.put(*([change] if change else []), without=[] if change else ["web:1"])
    assert (("web:1", "web:2") in memory.said.pairs) == stored
    assert memory.said == memory.at_once()


def test_a_stored_pair_stays_when_only_one_of_its_records_is_resolved_again() -> None:
    """Of a record that is not resolved a step knows nothing, so nothing is said of the pair."""
    memory = Memory()
    twins = [row(f"web:{number}", **_NIA, birth_date="1971-02-03") for number in (2, 3)]
    memory.put(*OTHERS, *twins, *(row(f"web:{number}", **_NIA, **_PHONE) for number in (1, 4)))
    memory.decide(Verdict.CANNOT, "web:1", "till:0")
    assert ("web:1", "web:2") in memory.said.pairs
    assert memory.said == memory.at_once()


def _store_from(monkeypatch: pytest.MonkeyPatch, weight: float) -> None:
    for module in (match_rows, step_pairs):
        monkeypatch.setattr(module, "LOWEST_STORED_WEIGHT", weight)


def test_a_pair_of_just_the_lowest_weight_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    memory.put(*OTHERS, *(row(f"web:{number}", given_name="Nia") for number in (1, 2)))
    _store_from(monkeypatch, memory.index.neighbours.of("web:1")["web:2"])
    assert ("web:1", "web:2") in memory.at_once().pairs


def test_a_pair_of_two_who_say_nothing_goes_where_such_pairs_are_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    _store_from(monkeypatch, memory.index.matcher.of_nothing - 1)
    memory.put(*OTHERS, *(row(f"web:{number}", ("device_id:d1",)) for number in (1, 2)))
    assert ("web:1", "web:2") in memory.said.pairs
    memory.put(row("web:1"))
    assert ("web:1", "web:2") not in memory.said.pairs
    assert memory.said == memory.at_once()
