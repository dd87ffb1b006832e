"""Runs the command: as a process, as people do, or in this process, which takes a tenth of the time."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from identity_graph.cli import main

__all__ = ["Command", "Finished"]

_PROGRAM = "from identity_graph.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    status: int
    out: str
    errors: str

    @property
    def json(self) -> Any:
        """Return what it printed as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Command:
    """The command `identity-graph` in a folder of its own, with an environment of its own."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *words: str) -> Finished:
        """Run it in this process."""
        out, errors = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(errors):
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["identity-graph", *words])
            for name, value in {"COLUMNS": "200", **self.environment}.items():
                patch.setenv(name, value)
            try:
                main()
                status = 0
            except SystemExit as ended:
                status = int(ended.code or 0)
        return Finished(status, out.getvalue(), errors.getvalue())

    def process(self, *words: str) -> Finished:
        """Run it as a process and wait."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("IDENTITY_GRAPH_")}
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *words],
            cwd=self.folder,
            env={**inherited, "COLUMNS": "200", **self.environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    def good(self, *words: str) -> Finished:
        """Run it in this process; it must succeed."""
        done = self.run(*words)
        assert done.status == 0, f"identity-graph {' '.join(words)}\n{done.out}\n{done.errors}"
        return done
