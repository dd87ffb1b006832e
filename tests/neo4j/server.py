"""Neo4j Community for the tests: fetched from Maven Central once, started on a free loopback port, stopped at the end.

The checkout's `.neo4j/` folder keeps what was fetched. Where Java 17+ or Maven is absent, `why_not` says so.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

__all__ = ["Neo4jServer", "why_not"]

_POM = Path(__file__).with_name("pom.xml")
_CACHE = Path(__file__).resolve().parents[2] / ".neo4j"
_FETCH_SECONDS = 900
_START_SECONDS = 180
_OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.lang")


def why_not() -> str | None:
    """Return what is missing to run Neo4j here, or None."""
    if shutil.which("java") is None or _java_version() < 17:
        return "Java 17 or newer is not on the PATH"
    if shutil.which("mvn") is None and not _libraries_complete():
        return "Maven (mvn) is not on the PATH"
    return None


class Neo4jServer:
    """One running server without authentication, and its own data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.uri = ""

    def start(self) -> None:
        """Fetch the server when it is not here yet, start it and wait until it answers."""
        libraries = _fetch()
        port = _free_port()
        self.uri = f"bolt://127.0.0.1:{port}"
        self._configure(port)
        command = ["java", *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENS), "-Xms256m", "-Xmx1g"]
        command += ["-cp", f"{libraries}/*", "org.neo4j.server.CommunityEntryPoint"]
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


def _java_version() -> int:
    answer = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    match = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return int(match[1]) if match else 0


def _version() -> str:
    match = re.search(r"<neo4j.version>([^<]+)<", _POM.read_text())
    assert match is not None, "the pom names no version"
    return match[1]


def _libraries() -> Path:
    return _CACHE / f"lib-{_version()}"


def _libraries_complete() -> bool:
    return (_libraries() / "complete").exists()


def _fetch() -> Path:
    if not _libraries_complete():
        folder = _libraries()
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["mvn", "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
            check=True,
            timeout=_FETCH_SECONDS,
        )
        (folder / "complete").touch()
    return _libraries()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
