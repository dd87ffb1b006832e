"""Waiting for one's own writes ends when what was accepted before is applied and resolved, not before or later."""

from __future__ import annotations

from contextlib import closing

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import Applier
from identity_graph.journal import Submission, open_journal
from identity_graph.model import Verdict
from identity_graph.profiles import Freshness, Pending
from identity_graph.settings import Settings
from tests.events.messages import event
from tests.realtime.world import Town, row


def test_it_is_done_when_what_came_before_is_applied_and_resolved(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    with closing(open_journal(embedded_settings)) as journal:
        applier = Applier(embedded_graph, embedded_settings, journal)
        town = Town(embedded_graph, embedded_settings)

        def fresh() -> Freshness:
            return Freshness(embedded_graph, journal)  # what another process knows, and nothing remembered

        assert fresh().pending().done()
        journal.append([Submission((event("m1", userId="u1"),))])
        first = fresh().pending()
        assert not first.done()
        applier.apply_next()
        second = Freshness(embedded_graph, journal).pending()
        assert not second.done()  # stored, not resolved
        town.step()
        journal.append([Submission((event("m2", userId="u2"),))])
        third = fresh().pending()
        for pending in (first, second):
            pending._freshness = fresh()
            assert pending.done()  # what came later is not waited for
        assert not third.done()


def test_a_decision_is_waited_for_like_any_other_fact(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    with closing(open_journal(embedded_settings)) as journal:
        town = Town(embedded_graph, embedded_settings)
        town.put(row("crm:1", given_name="Ann", family_name="Bee"), row("shop:2", given_name="Cat", family_name="Dee"))
        town.step()

        def pending() -> Pending:
            return Freshness(embedded_graph, journal).pending()

        assert pending().done()
        for change in (lambda: town.decide(Verdict.MUST, "crm:1", "shop:2"), lambda: town.undo(0)):
            change()
            waits = pending()
            assert not waits.done()
            town.step()
            waits._freshness = Freshness(embedded_graph, journal)
            assert waits.done()
        early = pending()
        assert early.done()
        town.decide(Verdict.CANNOT, "crm:1", "shop:2")
        assert early.done()  # what came later is not waited for


def test_where_nothing_was_ever_resolved_nothing_is_waited_for_but_the_facts(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission((event("m1", userId="u1"),))])
        assert not Freshness(embedded_graph, journal).pending().done()
        Applier(embedded_graph, embedded_settings, journal).apply_next()
        assert Freshness(embedded_graph, journal).pending().done()


def test_what_was_read_before_an_event_came_says_nothing_of_it(
    embedded_graph: BoltGraph, embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("identity_graph.profiles.freshness._GOOD_FOR_SECONDS", 60.0)
    with closing(open_journal(embedded_settings)) as journal:
        freshness = Freshness(embedded_graph, journal)
        for number in range(2):
            assert freshness.pending().done()  # reads how far everything is, and keeps it for a while
            journal.append([Submission((event(f"m{number}", userId="u1"),))])
            assert not freshness.pending().done()
            Applier(embedded_graph, embedded_settings, journal).apply_next()
