"""The commands that watch: what happened to the customers of a small company, and what happens to events."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing

from identity_graph.customers.store import ChangeSet, CustomerStore
from identity_graph.graph.bolt import BoltGraph
from identity_graph.journal import Submission, open_journal
from identity_graph.settings import Settings
from tests.cli.command import Command
from tests.events.messages import event


def test_changes_are_told_and_continued(shop: Command) -> None:
    done = shop.good("changes", "--json", "--limit", "3")
    first = [json.loads(line) for line in done.out.splitlines()]
    assert len(first) == 3 and all(event["specversion"] == "1.0" for event in first)
    assert first[-1]["cursor"] in done.errors and "There is more" in done.errors
    rest = [
        json.loads(line) for line in shop.good("changes", "--since", first[-1]["cursor"], "--json").out.splitlines()
    ]
    ids = [event["id"] for event in (*first, *rest)]
    assert len(set(ids)) == len(ids) > 3
    table = shop.good("changes", "--type", "customer.created").out
    assert "customer.created" in table and first[0]["subject"] in table
    assert shop.good("changes", "--since", "now", "--json").out == ""
    wrong = shop.run("changes", "--type", "customer.born")
    assert wrong.status == 1 and "customer.retired" in wrong.errors


def test_old_updates_are_pruned_and_a_cursor_from_before_says_so(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    command = Command(embedded_settings.data_dir, {"IDENTITY_GRAPH_DATA_DIR": str(embedded_settings.data_dir)})
    properties = {"kind": "updated", "customer_id": "c1", "at": "2020-01-01T00:00:00.000000Z", "data": "{}"}
    changes = [{"id": id, "properties": properties} for id in "abc"]
    CustomerStore(embedded_graph).apply(ChangeSet(changes=changes), "")
    first = json.loads(command.good("changes", "--json", "--limit", "1").out)
    assert "IDENTITY_GRAPH_CHANGE_DAYS" in command.good("prune").errors  # nothing is deleted that nobody asked for
    assert json.loads(command.good("changes", "--json", "--limit", "1").out) == first
    assert json.loads(command.good("prune", "--days", "90", "--json").out) == {"passed": 3, "deleted": 3}
    assert "deleted" in command.good("prune", "--days", "1").out
    behind = command.run("changes", "--since", first["cursor"])
    assert behind.status == 1 and behind.errors.startswith("changes_gone")


def test_the_tail_shows_events_changes_and_the_backlog(embedded_graph: BoltGraph, embedded_settings: Settings) -> None:
    command = Command(embedded_settings.data_dir, {"IDENTITY_GRAPH_DATA_DIR": str(embedded_settings.data_dir)})
    with closing(open_journal(embedded_settings)) as journal:
        journal.append([Submission((
            event("m1", "identify", userId="u1", traits={"firstName": "Jane\u202e", "lastName": "Doe"}),
            event("m2", userId="null"), event("m3", "track", userId="u1", event="Order Completed"),
        ))])  # fmt: skip
        command.good("apply", "--once")
        command.good("resolve")
        journal.append([Submission((event("m4", userId="u1"),))])
    told = [json.loads(line) for line in command.good("tail", "--once", "--json").out.splitlines()]
    assert [one["kind"] for one in told] == ["event", "event", "event", "change", "state"]
    first, refused, order, change, state = told
    assert (first["type"], first["customer_id"], refused["problem"]) == (
        "identify", change["customer_id"], "placeholder_user",
    )  # fmt: skip
    assert (change["type"], order["type"]) == ("customer.created", "Order Completed")
    assert (state["waiting"], state["dead_letters"], state["unresolved"]) == (1, 1, 0)
    plain = command.good("tail", "--once").out
    assert "with 1 record" in plain and "1 events wait" in plain and "placeholder_user" in plain
    assert "\u202e" not in plain and "Doe" in plain
    some = command.good("tail", "--once", "--json", "--source", "site", "--type", "Order Completed").out
    assert [json.loads(line)["kind"] for line in some.splitlines()] == ["event", "state"]
    assert '"change"' not in command.good("tail", "--once", "--json", "--source", "site").out


def _hear_interrupts() -> None:
    """Undo what a shell does to the commands that it runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_both_go_on_with_what_happens_until_they_are_stopped(
    embedded_graph: BoltGraph, embedded_settings: Settings
) -> None:
    environment = {**os.environ, "IDENTITY_GRAPH_DATA_DIR": str(embedded_settings.data_dir)}
    watching = [
        subprocess.Popen(
            [sys.executable, "-c", "from identity_graph.cli import main; main()", *words, "--json"],
            env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=_hear_interrupts,
        )
        for words in (("tail",), ("changes", "--since", "now", "--follow"))
    ]  # fmt: skip
    tail, changes = watching
    assert tail.stdout is not None and changes.stdout is not None
    assert json.loads(tail.stdout.readline())["kind"] == "state"
    properties = {"kind": "created", "customer_id": "c1", "data": "{}"}
    told: list[str] = []
    reader = threading.Thread(target=lambda: told.append(changes.stdout.readline()))  # type: ignore[union-attr]
    reader.start()
    number = 0
    while reader.is_alive():  # nobody knows when `changes` has found out where now is
        number += 1
        change = {"id": f"x{number}", "properties": properties}
        CustomerStore(embedded_graph).apply(ChangeSet(changes=[change]), "2026-01-01T00:00:00Z")
        reader.join(0.3)
    assert json.loads(told[0])["type"] == "customer.created"
    assert json.loads(tail.stdout.readline())["type"] == "customer.created"
    for one in watching:
        one.send_signal(signal.SIGINT)
        one.communicate(timeout=60)
        assert one.returncode == 0
