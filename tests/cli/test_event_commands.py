"""The commands about events, on a journal of their own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import hold_lease
from identity_graph.journal import JournalEvent, RefusedEvent, Submission, WriteKeys, open_journal
from identity_graph.pipeline.resolve import resolve
from identity_graph.settings import Settings
from tests.cli.command import Command
from tests.events.messages import event
from tests.journal.events import NOON, refused


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(tmp_path, {"IDENTITY_GRAPH_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def data(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def test_keys_are_made_listed_and_revoked(command: Command, data: Settings) -> None:
    assert "no write key" in command.good("keys").out
    made = command.good("keys", "--make", "site", "--public", "--json").json
    found = WriteKeys.of(data).find(made["write_key"])
    assert found is not None and (found.source, found.kind) == ("site", "public")
    listed = command.good("keys", "--json").json
    assert [(key["id"], key["revoked_at"]) for key in listed] == [(made["id"], None)]
    assert made["write_key"] not in command.good("keys").out
    assert command.good("keys", "--revoke", made["id"], "--json").json["revoked_at"]
    assert WriteKeys.of(data).find(made["write_key"]) is None
    wrong = command.run("keys", "--make", "site")
    assert wrong.status == 1 and "conflict" in wrong.errors and "site_private" in wrong.errors


def test_dead_letters_are_listed_replayed_and_discarded(command: Command, data: Settings) -> None:
    assert "no dead letters" in command.good("dead-letters").out
    letters = (refused("m1"), refused("m2", "too_large"), refused("m3", source="app"))
    with closing(open_journal(data)) as journal:
        journal.append([Submission(refused=letters)])
    shown = command.good("dead-letters", "--json").json
    assert [(one["message_id"], one["reason"]) for one in shown] == [
        ("m1", "missing_user"), ("m2", "too_large"), ("m3", "missing_user"),
    ]  # fmt: skip
    assert shown[0]["event"] == {"messageId": "m1"}
    assert "too_large" in command.good("dead-letters", "--source", "web").out
    assert command.run("dead-letters", "--discard").status == 1
    assert command.good("dead-letters", "--discard", shown[1]["id"], "--json").json == {"discarded": 1}
    assert command.good("dead-letters", "--replay", "--source", "app", "--json").json == {"replayed": 1}
    assert command.good("dead-letters", "--replay", shown[0]["id"], "--json").json == {"replayed": 1}
    with closing(open_journal(data)) as journal:
        assert [one.event.message_id for one in journal.read(0, 10)] == ["m3", "m1"]


def test_letters_that_hold_half_characters_and_deep_lists_are_listed_as_json(command: Command, data: Settings) -> None:
    torn, deep = '{"event":"\\ud800"}', "[" * 900 + "]" * 900
    letters = [RefusedEvent(JournalEvent("web", False, "", NOON, body), "missing_user", "") for body in (torn, deep)]
    with closing(open_journal(data)) as journal:
        journal.append([Submission(refused=tuple(letters))])
    shown = command.good("dead-letters", "--json").json
    assert [one["event"] for one in shown] == [{"event": "\ufffd"}, deep]


def test_waiting_events_are_applied_and_the_status_says_so(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    command = Command(embedded_settings.data_dir, {"IDENTITY_GRAPH_DATA_DIR": str(embedded_settings.data_dir)})
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission((event("m1", userId="u1"), event("m2", userId="null")))])
    assert command.good("status", "--json").json["events"]["events"] == 2
    done = command.good("apply", "--once", "--json").json
    assert done == {"events": 2, "touchpoints": 1, "dead_letters": 1}
    shown = command.good("status", "--json").json
    assert (shown["events"]["events"], shown["events"]["dead_letters"]) == (0, {"placeholder_user": 1})
    assert shown["counts"]["touchpoints"] == 1
    assert "placeholder_user" in command.good("status").out
    with hold_lease(embedded_settings):
        assert command.run("apply", "--once").status == 1


def test_an_organisation_is_shown_with_who_belongs_to_it(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    command = Command(embedded_settings.data_dir, {"IDENTITY_GRAPH_DATA_DIR": str(embedded_settings.data_dir)})
    called = event("m1", "group", userId="u1", groupId="acme", traits={"plan": "pro"})
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission((called,))])
    command.good("apply", "--once")
    resolve(embedded_graph, embedded_settings)
    found = command.good("organisation", "site", "acme", "--json").json
    (member,) = found["members"]
    assert (found["traits"], member["record_keys"]) == ({"plan": "pro"}, ["site:user_id=u1"])
    shown = command.good("organisation", "site", "acme").out
    assert "plan" in shown and member["customer"]["id"] in shown
    assert "site:acme" in command.good("customer", member["customer"]["id"]).out
    assert "not_found" in command.run("organisation", "site", "nobody").errors
