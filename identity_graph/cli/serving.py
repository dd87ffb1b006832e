"""The commands about the service itself: `serve`, `status` and `stop`."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
import uvicorn

from identity_graph.cli.applying import applier_process
from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, print_json, print_pairs, print_rows
from identity_graph.customers.store import CustomerStore
from identity_graph.errors import InvalidSettingError
from identity_graph.facts import FactStore
from identity_graph.graph import open_graph, stop_engine
from identity_graph.journal import open_journal
from identity_graph.namespace_file import namespace_rules
from identity_graph.realtime import ask_standing
from identity_graph.settings import Settings

__all__ = ["register"]

_APPLICATION = "identity_graph_api.asgi:create"
_PROTOCOL = "identity_graph_api.protocol:BoundedHttp"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("serve")(serve_command)
    app.command("status")(status_command)
    app.command("stop")(stop_command)


def serve_command(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 1,
) -> None:
    """Serve the HTTP API; its documentation is at /docs."""
    settings = read_settings()
    host, port = host or settings.api_host, port or settings.api_port
    namespace_rules(settings)  # a file that cannot be used is one message too
    _require_free(host, port)
    open_graph(settings).close()  # here a graph that cannot be reached is one message, in a worker it is a traceback
    note(f"The API listens on http://{host}:{port} (documentation at /docs). Stop it with Ctrl+C.")
    if not settings.api_keys.get_secret_value():
        note("No API key is set (IDENTITY_GRAPH_API_KEYS), so only this machine may ask.")
    with _applying(settings):
        uvicorn.run(
            _APPLICATION, host=host, port=port, workers=workers, factory=True, http=_PROTOCOL, log_level="warning"
        )


@contextmanager
def _applying(settings: Settings) -> Iterator[None]:
    """Apply and resolve events in a process beside the service while the block runs, if the service is to do it."""
    if not settings.apply_events:
        yield
        return
    # What serves must not do it too; it reads its settings from the environment.
    os.environ["IDENTITY_GRAPH_APPLY_EVENTS"] = "false"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # or the end of the block is never reached
    with closing(applier_process()):
        yield


def _require_free(host: str, port: int) -> None:
    """Find out before anything starts whether the address can be listened on."""
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise InvalidSettingError(
            f"The API cannot listen on {host}:{port}: {(error.strerror or str(error)).lower()}.",
            ids=[f"{host}:{port}"],
            next_step="Choose another address: identity-graph serve --host ADDRESS --port N",
        ) from error


def status_command(as_json: JsonOption = False) -> None:
    """Show which engine is in use, what it holds and how the last run ended."""
    settings = read_settings()
    with graph_open(settings) as graph:
        counts = asdict(FactStore(graph, settings).counts())
        run = CustomerStore(graph).last_run()
        engine = graph.capabilities.name
    with closing(open_journal(settings)) as journal:
        events = asdict(journal.backlog())
    resolver = ask_standing(settings.data_dir)
    last = None
    if run is not None:
        last = {**run.summary, "run": run.number, "started": run.started_at, "finished": run.finished}
    if as_json:
        told = {"state": resolver.state.value, "text": resolver.text(), "records": resolver.records}
        print_json({"engine": engine, "counts": counts, "events": events, "resolver": told, "last_run": last})
        return
    where = settings.uri or f"embedded, in {settings.data_dir}"
    print_pairs("Graph", {"engine": engine, "where": where, "touchpoints": counts.pop("touchpoints")})
    for name, by_name in counts.items():
        if by_name:
            print_rows("", (name.replace("_", " "), "count"), sorted(by_name.items()))
    if events["accepted"] or events["dead_letters"]:
        print_pairs("Events", {name.replace("_", " "): value for name, value in events.items()})
    note(f"Resolver: {resolver.text()}.")
    if last is None:
        note("Nothing is resolved yet: identity-graph resolve")
    else:
        print_pairs("Last run", {k: v for k, v in last.items() if isinstance(v, int | float | str)})


def stop_command() -> None:
    """Stop the embedded engine of this data folder now (it also stops by itself when nobody uses it)."""
    settings = read_settings()
    if settings.uri is not None:
        note("IDENTITY_GRAPH_URI is set: that Neo4j is not ours to stop.")
        return
    note("Stopped." if stop_engine(settings) else "It was not running.")
