"""Neo4j Community for the tests: started on a free loopback port, stopped at the end.

One of `RELEASES` comes in, a running server goes out.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import neo4j
from filelock import FileLock
from neo4j.exceptions import DriverError, Neo4jError

from tests.neo4j.java import find_java
from tests.neo4j.releases import CACHE, RELEASES, Release, fetch, why_not

__all__ = ["QUICK", "RELEASES", "Neo4jServer", "Release", "why_not"]

QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g")
"""Java options for many small queries in a short life: nearly half the processor time of the full compiler."""

_START_SECONDS = 180
_OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.lang")


class Neo4jServer:
    """One running server without authentication, and its own data folder.

    Args:
        folder: for its data and logs.
        release: what to run.
        java_options: of its Java; a measurement gives others.
    """

    def __init__(self, folder: Path, release: Release, java_options: tuple[str, ...] = QUICK) -> None:
        self._folder = folder
        self._release = release
        self._java_options = java_options
        self._process: subprocess.Popen[bytes] | None = None
        self.uri = ""

    def start(self) -> None:
        """Fetch the server when it is not here yet, start it and wait until it answers."""
        java = find_java(self._release.java)
        assert java is not None, why_not(self._release)
        CACHE.mkdir(exist_ok=True)
        with FileLock(CACHE / "fetching.lock"):  # the processes of a run all want it
            libraries = fetch(self._release, java)
        port = _free_port()
        self.uri = f"bolt://127.0.0.1:{port}"
        self._configure(port)
        command = [str(java), *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENS), *self._release.options]
        command += [*self._java_options, "-cp", f"{libraries}/*", self._release.main]
        command += [f"--home-dir={self._folder}", f"--config-dir={self._folder / 'conf'}"]
        with (self._folder / "console.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"Neo4j did not start: {(self._folder / 'console.log').read_text()[-3000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        """End the server; its folder is thrown away, so it need not close its files."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _configure(self, port: int) -> None:
        for name in ("conf", "data", "logs", "plugins", "run", "import", "licenses", "lib"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{port}",
            "server.http.enabled": "false",
            "dbms.security.auth_enabled": "false",
            "server.memory.pagecache.size": "256m",
            "dbms.usage_report.enabled": "false",
        }
        text = "".join(f"{key}={value}\n" for key, value in settings.items())
        (self._folder / "conf" / "neo4j.conf").write_text(text)

    def _answers(self) -> bool:
        driver = neo4j.GraphDatabase.driver(self.uri, auth=None)
        try:
            with driver.session() as session:
                session.run("RETURN 1").consume()
        except (Neo4jError, DriverError, OSError):
            return False
        finally:
            driver.close()
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
