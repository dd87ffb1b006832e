"""A record that changes again while it is looked for is not passed over, or the next start knows that it was."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from identity_graph.facts import ColumnarCopy, FactStore
from identity_graph.realtime import resolver
from tests.facts.batches import batch
from tests.pipeline.company import holdings
from tests.realtime.world import ROLES, Town, nothing_is_left_for_a_batch, row

_SEEN_AGAIN = row("crm:2", ("user_id:u2",), 1)
_AGAIN = [_SEEN_AGAIN, row("crm:2", ("user_id:u2",), phone="+49301000001")]


def _put(town: Town, *rows: dict[str, Any]) -> None:
    """Write records as another process does, which hands nothing over."""
    FactStore(town.graph, town.settings).write(batch(rows), ROLES)


def _tablet_of_two(town: Town) -> Town:
    """Let two users compete for a browser, so that it is nobody's, and let one of them turn out not to have used it."""
    town.put(*(row(f"crm:{one}", ("device_id:d", f"user_id:u{one}")) for one in (1, 2)), row("web:1", ("device_id:d",)))
    town.step()
    assert len(set(holdings(town.graph).values())) == len(holdings(town.graph))
    _put(town, row("crm:2", ("user_id:u2",)), row("crm:3"))
    return town


def _is_the_first_users(town: Town) -> None:
    assert holdings(town.graph)["web:1"] == holdings(town.graph)["crm:1"]
    nothing_is_left_for_a_batch(town)


def _before_the_next_look(town: Town, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]) -> None:
    """Let something happen after the counter was looked at and before the records are, once."""
    look = town.live._between

    def between(*given: Any) -> Any:
        monkeypatch.setattr(town.live, "_between", look)
        meanwhile()
        return look(*given)

    monkeypatch.setattr(town.live, "_between", between)


@pytest.mark.parametrize("again", _AGAIN, ids=["was seen again", "says more"])
def test_what_changed_again_before_it_was_read_is_not_lost_with_the_process(
    town: Town, monkeypatch: pytest.MonkeyPatch, again: dict[str, Any]
) -> None:
    _tablet_of_two(town)
    _before_the_next_look(town, monkeypatch, lambda: _put(town, again))
    assert town.step() is not None
    town.restart()
    town.step()
    _is_the_first_users(town)


def test_a_start_amid_many_changes_knows_that_a_record_was_passed_over(
    embedded_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = _tablet_of_two(embedded_town)
    _put(town, row("crm:4"), _SEEN_AGAIN)
    monkeypatch.setattr(resolver, "_MOST_OF_A_STEP", 2)
    assert town.step() is not None
    town.restart()
    assert town.step() is not None
    _is_the_first_users(town)


def test_a_start_after_many_changes_goes_on(embedded_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town = _tablet_of_two(embedded_town)
    _put(town, row("crm:4"), _SEEN_AGAIN)
    monkeypatch.setattr(resolver, "_MOST_OF_A_STEP", 2)
    while town.step() is not None:
        pass
    town.put(row("crm:5"))
    town.restart()
    done = town.step()
    assert done is not None and not done.whole
    _is_the_first_users(town)


def test_a_run_of_all_says_of_which_moment_its_records_are(embedded_town: Town) -> None:
    """A record changes whenever all are read, and changes back before the first step after the run."""
    town = embedded_town
    tablet = [row(f"crm:{one}", ("device_id:d", f"user_id:u{one}")) for one in (1, 2)]
    town.put(*tablet, row("web:1", ("device_id:d",)))
    town.step()
    caught_up, minutes = ColumnarCopy.catch_up, itertools.count()

    def then_changed(copy: ColumnarCopy, *given: Any) -> int:
        seq = caught_up(copy, *given)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ColumnarCopy, "catch_up", caught_up)
            _put(town, row("crm:2", ("user_id:u2",), next(minutes)))
        return seq

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ColumnarCopy, "catch_up", then_changed)
        town.batch()
    assert next(minutes) > 0
    _put(town, tablet[1])
    town.step()
    nothing_is_left_for_a_batch(town)
