"""Finds a Java that is new enough: the lowest version wanted comes in, the program goes out, or None.

Looks in JAVA_HOME, on the PATH, beside what the PATH leads to, and where operating systems put their Javas. Of those
that are new enough the oldest is taken, because a release is tried with the Java of its day.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["find_java"]

_USUAL = (("/usr/lib/jvm", "*/bin/java"), ("/Library/Java/JavaVirtualMachines", "*/Contents/Home/bin/java"))


def find_java(lowest: int) -> Path | None:
    """Return the `java` program with the lowest version that is at least this one."""
    return next((java for version, java in _found() if version >= lowest), None)


@cache
def _found() -> tuple[tuple[int, Path], ...]:
    """Return (major version, program) of every Java here, oldest first."""
    programs = dict.fromkeys(path.resolve() for path in _candidates() if os.access(path, os.X_OK))
    return tuple(sorted((_version(program), program) for program in programs))


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if on_path := shutil.which("java"):
        yield Path(on_path)
        yield from Path(on_path).resolve().parents[2].glob("*/bin/java")
    for folder, pattern in _USUAL:
        yield from Path(folder).glob(pattern)


def _version(java: Path) -> int:
    """Return the major version a program says it has; 0 when it does not run."""
    try:
        answer = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    match = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return int(match[1]) if match else 0
