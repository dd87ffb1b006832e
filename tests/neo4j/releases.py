"""The Neo4j releases we promise to work with, fetched from Maven Central once; run as a program it fetches all.

A release comes in, the folder with its libraries goes out. The checkout's `.neo4j/` folder keeps what was fetched.
Where the Java a release needs, or Maven, is absent, `why_not` says so. Needs nothing but Python, so that fetching can
go on while everything else is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.neo4j.java import find_java

__all__ = ["CACHE", "RELEASES", "Release", "fetch", "why_not"]

_POM = Path(__file__).with_name("pom.xml")
CACHE = Path(__file__).resolve().parents[2] / ".neo4j"
"""Folder of all that was fetched."""

_FETCH_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Release:
    """One line of Neo4j that we promise to work with.

    Attributes:
        version: its newest version when this was written.
        java: lowest Java it runs on.
        main: class that starts the Community server.
        options: what its Java needs besides.
    """

    version: str
    java: int
    main: str
    options: tuple[str, ...] = ()


RELEASES = {
    "neo4j": Release("5.26.17", 17, "org.neo4j.server.CommunityEntryPoint"),
    "neo4j_2026": Release(
        "2026.09.0",
        21,
        "org.neo4j.server.Neo4jCommunity",
        ("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
    ),
}
"""Release by the name of the fixture that starts it."""


def why_not(release: Release) -> str | None:
    """Return what is missing to run a release here, or None."""
    if find_java(release.java) is None:
        return f"no Java {release.java} or newer is on the PATH, in JAVA_HOME or where Java is usually installed"
    if shutil.which("mvn") is None and not _fetched(release):
        return "Maven (mvn) is not on the PATH"
    return None


def fetch(release: Release, java: Path) -> Path:
    """Return the folder with the libraries of a release; they are fetched when they are not here yet."""
    folder = _libraries(release)
    if not _fetched(release):
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mvn", "-q", "-B", "-f", str(_POM), f"-Dneo4j.version={release.version}"]
        subprocess.run(
            [*command, "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
            check=True,
            timeout=_FETCH_SECONDS,
            env={**os.environ, "JAVA_HOME": str(java.parents[1])},
        )
        (folder / "complete").touch()
    return folder


def _libraries(release: Release) -> Path:
    return CACHE / f"lib-{release.version}"


def _fetched(release: Release) -> bool:
    return (_libraries(release) / "complete").exists()


def _fetch_all() -> None:
    for release in RELEASES.values():
        java = find_java(release.java)
        if java is not None and why_not(release) is None:
            fetch(release, java)


if __name__ == "__main__":
    _fetch_all()
