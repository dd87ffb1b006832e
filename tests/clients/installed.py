"""The SDKs that people use, from their registries, each in a place of its own under .clients/ (kept between runs).

A name goes in; where it is installed comes out. Where the tools it needs are not there, the test is skipped with one
loud line at the end of the run; IDENTITY_GRAPH_REQUIRE_CLIENTS=1 turns that into a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from filelock import FileLock

__all__ = ["CLIENTS_NOT_TESTED", "chromium", "node", "node_modules", "python_with"]

CLIENTS_NOT_TESTED = "CLIENTS NOT TESTED"

_CHECKOUT = Path(__file__).resolve().parents[2]
_FOLDER = _CHECKOUT / ".clients"
_NODE_PACKAGES = {
    "@segment/analytics-node": "3.1.0",
    "@segment/analytics-next": "1.84.3",
    "@rudderstack/rudder-sdk-node": "3.0.13",
}
_INSTALL_SECONDS = 300


def python_with(package: str, version: str) -> Path:
    """Return an interpreter that has one package of one version."""
    home = _FOLDER / f"{package}-{version}"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    with _one_at_a_time():
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            venv.create(home, with_pip=False)  # the pip that is here installs into it; one of its own takes seconds
            into = [sys.executable, "-m", "pip", "--python", str(python)]
            _install([*into, "install", "--quiet", f"{package}=={version}"], home)
            (home / "ready").touch()
    return python


def node_modules() -> Path:
    """Return the folder in which Node finds all SDKs for it."""
    home = _FOLDER / "node"
    wanted = json.dumps({"private": True, "dependencies": _NODE_PACKAGES}, indent=1)
    manifest = home / "package.json"
    with _one_at_a_time():
        if not (home / "ready").exists() or manifest.read_text(encoding="utf-8") != wanted:
            npm = shutil.which("npm") or _missing("there is no npm")
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            manifest.write_text(wanted, encoding="utf-8")
            _install([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"], home)
            (home / "ready").touch()
    return home


def node() -> str:
    """Return the Node program."""
    return shutil.which("node") or _missing("there is no Node")


def chromium() -> str:
    """Return the browser."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    return _missing("there is no Chromium")


def _one_at_a_time() -> FileLock:
    """Let the processes of one run, or of two, wait for each other: a half-made folder is made anew by who finds it."""
    _FOLDER.mkdir(exist_ok=True)
    return FileLock(_FOLDER / "installing.lock")


def _install(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
    )  # fmt: skip
    if done.returncode:
        _missing(f"{' '.join(command[-2:])} cannot be installed: {done.stderr.strip()[-300:]}")


def _missing(what: str) -> str:
    if os.environ.get("IDENTITY_GRAPH_REQUIRE_CLIENTS") == "1":
        pytest.fail(f"{CLIENTS_NOT_TESTED}: {what}, but IDENTITY_GRAPH_REQUIRE_CLIENTS is set")
    pytest.skip(f"{CLIENTS_NOT_TESTED}: {what}")
