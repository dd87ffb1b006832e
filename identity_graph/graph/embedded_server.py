"""The embedded engine as a process of its own: ArcadeDB speaking Bolt on loopback, until nobody needs it.

Started by `graph.embedded` with the engine folder as argument; says in `engine.json` where it listens, and stops on
SIGTERM, or after the idle time without a live client. Killing it loses nothing that was acknowledged.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

from filelock import Timeout

from identity_graph.errors import EngineBusyError
from identity_graph.graph.engine_files import EngineFiles

__all__ = ["main"]

_READ_IN_ORDER = (("Touchpoint", "place"),)
_BOLT_PLUGIN = "com.arcadedb.bolt.BoltProtocolPlugin"
_LOG_CONFIGURATION = """\
handlers = java.util.logging.FileHandler
.level = INFO
io.undertow.level = WARNING
org.xnio.level = WARNING
org.jboss.level = WARNING
java.util.logging.FileHandler.pattern = {folder}/engine.log
java.util.logging.FileHandler.formatter = com.arcadedb.log.LogFormatter
java.util.logging.FileHandler.limit = 5000000
java.util.logging.FileHandler.count = 3
java.util.logging.FileHandler.append = true
"""


def main() -> None:
    """Run the server until it is told to stop or idles."""
    parser = argparse.ArgumentParser(description="The embedded graph engine; started by the library itself.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--heap", required=True)
    parser.add_argument("--idle-seconds", type=float, required=True)
    arguments = parser.parse_args()
    files = EngineFiles(arguments.folder)
    code = 1
    try:
        _serve(files, arguments.port, arguments.heap, arguments.idle_seconds)
        code = 0
    except Timeout:
        print(f"Another server holds {files.folder}.", file=sys.stderr)  # noqa: T201 (the log of this process)
    except BaseException:  # noqa: BLE001 (process edge: the JVM's threads would keep a failed server alive)
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


def _serve(files: EngineFiles, port: int, heap: str, idle_seconds: float) -> None:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    os.chdir(files.folder)
    with files.server_lock():
        server = _started(files, port, heap)
        try:
            files.write_state(os.getpid(), _bolt_port(server), _version())
            _wait(files, stop, idle_seconds)
        finally:
            files.remove_state()
            server.stop()


def _started(files: EngineFiles, port: int, heap: str) -> Any:
    import arcadedb_embedded

    password = files.ensure_password()
    log_configuration = files.log_folder / "logging.properties"
    log_configuration.write_text(_LOG_CONFIGURATION.format(folder=files.log_folder.as_posix()), encoding="utf-8")
    os.environ["ARCADEDB_JVM_ERROR_FILE"] = str(files.log_folder / "crash.log")
    server = arcadedb_embedded.ArcadeDBServer(
        root_path=str(files.folder),
        root_password=password,
        config={
            "host": "127.0.0.1",
            "http_port": "0",
            "bolt_port": port,
            # Production mode writes the log of a transaction to the operating system before it is acknowledged.
            "mode": "production",
            "server_plugins": f"Bolt:{_BOLT_PLUGIN}",
        },
        # -Xrs leaves SIGTERM to this process, which closes the database before the JVM ends. Pages fill half of the
        # heap for good, at which the collector would never rest; and what bridges to Java asks for a full collection
        # every some seconds, which nobody needs here. What is written goes to the last page: looking for room in others
        # reads more of them for each record, the more there are.
        jvm_kwargs={
            "heap_size": heap,
            "jvm_args": [
                "-Xrs",
                "-XX:+DisableExplicitGC",
                "-XX:-G1UseAdaptiveIHOP",
                "-XX:InitiatingHeapOccupancyPercent=75",
                f"-Djava.util.logging.config.file={log_configuration}",
                f"-Darcadedb.maxPageRAM={_page_cache_mib(heap)}",
                "-Darcadedb.bucketReuseSpaceMode=low",
            ],
        },
    )
    server.start()
    # Bolt is all we speak: the HTTP interface is closed as soon as the server lets go of it.
    server._java_server.getHttpServer().stopService()
    _declare_text(server.create_database(files.database))
    return server


def _declare_text(database: Any) -> None:
    """Say of properties that are read in order that they are text: only then is an index read in its order."""
    for label, name in _READ_IN_ORDER:
        database.command("sql", f"CREATE VERTEX TYPE {label} IF NOT EXISTS")
        database.command("sql", f"CREATE PROPERTY {label}.{name} IF NOT EXISTS STRING")


def _page_cache_mib(heap: str) -> int:
    """Return the part of the heap that holds pages: half, because by default it is a quarter and most reads miss it."""
    return max(int(heap[:-1]) * (1024 if heap.endswith("g") else 1) // 2, 64)


def _bolt_port(server: Any) -> int:
    for plugin in server._java_server.getPlugins():
        if str(plugin.getClass().getName()) == _BOLT_PLUGIN:
            return int(plugin.getPort())
    raise RuntimeError("the engine started without Bolt")


def _version() -> str:
    import arcadedb_embedded

    return str(arcadedb_embedded.__version__)


def _wait(files: EngineFiles, stop: Event, idle_seconds: float) -> None:
    """Return when told to stop, or when no client has lived for the idle time.

    The last look is under the start lock, and the state is removed under it too: a client either has its lease before
    that look, or finds no server and starts one.
    """
    tick = min(2.0, idle_seconds / 4)
    last_client = time.monotonic()
    while not stop.wait(tick):
        with suppress(EngineBusyError), files.start_lock(0):
            if files.live_leases():
                last_client = time.monotonic()
            elif time.monotonic() - last_client >= idle_seconds:
                files.remove_state()
                return


if __name__ == "__main__":
    main()
