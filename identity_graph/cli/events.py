"""The commands about events: `keys`, `apply` and `dead-letters`."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, out, print_json, print_pairs, print_rows
from identity_graph.errors import InvalidSettingError
from identity_graph.events import shown_message
from identity_graph.facts import Handover
from identity_graph.ingest import Applied, apply_all, hold_lease
from identity_graph.journal import DeadLetter, KeyKind, WriteKey, WriteKeys, open_journal
from identity_graph.namespace_file import namespace_rules
from identity_graph.realtime import LiveResolver, ResolverThread

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("keys")(keys_command)
    app.command("apply")(apply_command)
    app.command("dead-letters")(dead_letters_command)


def keys_command(
    make: Annotated[str | None, typer.Option(metavar="SOURCE", help="Make a key for events of this source.")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="The key will stand in a page or an app, where anybody can read it.")
    ] = False,
    revoke: Annotated[str | None, typer.Option(metavar="KEY", help="Refuse this key (its id) from now on.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the write keys that let events in; make one for a source, or revoke one."""
    keys = WriteKeys.of(read_settings())
    if make is not None:
        key, text = keys.make(make, KeyKind.PUBLIC if public else KeyKind.PRIVATE, datetime.now(UTC))
        if as_json:
            print_json({**_shown(key), "write_key": text})
        else:
            print_pairs("Write key", {**_shown(key), "write key": text})
            note("The write key is shown this once; it is not stored.")
        return
    if revoke is not None:
        shown = _shown(keys.revoke(revoke, datetime.now(UTC)))
        print_json(shown) if as_json else print_pairs("Revoked", shown)
        return
    rows = [_shown(key) for key in keys.all()]
    if as_json:
        print_json(rows)
    elif rows:
        print_rows("Write keys", tuple(rows[0]), [tuple(row.values()) for row in rows])
    else:
        out.print("There is no write key yet: identity-graph keys --make SOURCE")


def apply_command(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing waits any more.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Apply waiting events and resolve whom they are by, until stopped; the service does it too, unless told not to."""
    settings = read_settings()
    namespace_rules(settings)  # a file that cannot be used is one message, not a resolver that fails again and again
    done = {"events": 0, "touchpoints": 0, "dead_letters": 0}

    def watch(applied: Applied) -> None:
        done["events"] += applied.events
        done["touchpoints"] += applied.touchpoints
        done["dead_letters"] += applied.refused

    try:
        with graph_open(settings) as graph, hold_lease(settings):
            if not once:
                note("Applying events. Stop it with Ctrl+C.")
            if once:
                apply_all(graph, settings, threading.Event(), until_empty=True, watcher=watch)
                LiveResolver(graph, settings).resolve_changes()
                return
            handover = Handover()
            with closing(ResolverThread(graph, settings, handover)):
                apply_all(graph, settings, threading.Event(), watcher=watch, handover=handover)
    finally:
        print_json(done) if as_json else print_pairs("Applied", done)


def dead_letters_command(
    letters: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Letters to replay or discard; without them all.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many to list.")] = 50,
    replay: Annotated[bool, typer.Option("--replay", help="Let them wait again as events.")] = False,
    discard: Annotated[bool, typer.Option("--discard", help="Delete the named letters for good.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List events that could not be understood, with the reason; replay or discard them."""
    with closing(open_journal(read_settings())) as journal:
        if replay or discard:
            if discard and not letters:
                raise InvalidSettingError("Only named letters are discarded.", next_step="Name the letters' ids.")
            count = journal.replay(letters or None, source) if replay else journal.discard(letters or [])
            done = {"replayed" if replay else "discarded": count}
            print_json(done) if as_json else print_pairs("Dead letters", done)
            return
        found = journal.dead_letters(source, 0, limit)
    if as_json:
        print_json([_letter(one) for one in found])
    elif found:
        rows = [
            (one.id, one.refused.event.source, one.set_aside_at, one.refused.reason, one.refused.detail)
            for one in found
        ]
        print_rows("Dead letters", ("id", "source", "set aside at", "reason", "detail"), rows)
    else:
        out.print("There are no dead letters.")


def _shown(key: WriteKey) -> dict[str, Any]:
    return {"id": key.id, "source": key.source, "kind": key.kind.value, "created_at": key.created_at,
            "revoked_at": key.revoked_at}  # fmt: skip


def _letter(letter: DeadLetter) -> dict[str, Any]:
    event = letter.refused.event
    return {
        "id": letter.id, "source": event.source, "message_id": event.message_id, "set_aside_at": letter.set_aside_at,
        "reason": letter.refused.reason, "detail": letter.refused.detail, "applied": letter.refused.applied,
        "received_at": event.received_at, "event": shown_message(event.body),
    }  # fmt: skip
