"""Asks the resolver of a data folder, whichever process it is in, over a socket that only its user can reach.

A question comes in, the answer goes out, or None when nobody resolves there. Questions and answers are one JSON text
each. The socket is in the data folder; where that path is too long for a socket, in a folder of the user's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from identity_graph.facts.prepare import RecordRow
from identity_graph.realtime.placed import PlacedCustomer
from identity_graph.realtime.preview import Preview
from identity_graph.realtime.standing import Standing, StandingState

__all__ = ["ask_preview", "ask_standing", "private", "received", "socket_path"]

MOST_BYTES = 4 * 2**20
"""Of a question or an answer."""

_LONGEST_PATH = 100
_STANDING_SECONDS = 2.0
_PREVIEW_SECONDS = 10.0
"""A step under way is finished first."""


def socket_path(data_dir: Path) -> Path:
    """Return where the resolver of a data folder listens."""
    path = data_dir.resolve() / "resolver.sock"
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:24]
    return Path(tempfile.gettempdir()) / f"identity-graph-{_user()}" / f"{name}.sock"


def private(folder: Path, data_dir: Path) -> bool:
    """Say whether nobody else can have put a socket into a folder; the data folder is trusted."""
    if folder == data_dir.resolve():
        return True
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _user() and not found.st_mode & 0o077


def ask_standing(data_dir: Path) -> Standing:
    """Return how far the resolver of a data folder is; state NONE when there is none, BUSY when it does not answer."""
    try:
        return Standing.from_json(_ask(data_dir, {"ask": "standing"}, _STANDING_SECONDS) or {})
    except TimeoutError:
        return Standing.now(StandingState.BUSY)
    except (KeyError, TypeError, ValueError):
        return Standing.now(StandingState.NONE)


def ask_preview(data_dir: Path, record: RecordRow) -> Preview | None:
    """Ask the resolver of a data folder whom a record would be with.

    Returns:
        The answer; None when there is no resolver, or it cannot answer now.
    """
    try:
        said = _ask(data_dir, {"ask": "preview", "said": record[0], "held": record[1]}, _PREVIEW_SECONDS)
    except TimeoutError:
        return None
    if not said or "customers" not in said:
        return None
    customers = tuple(PlacedCustomer(**{**one, "reasons": tuple(one["reasons"])}) for one in said["customers"])
    return Preview(said["customer_id"], customers)


def received(connection: socket.socket) -> bytes:
    """Read all that the other side sends before it ends its half; empty when that is too much."""
    parts, size = [], 0
    while part := connection.recv(65_536):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            return b""
    return b"".join(parts)


def _ask(data_dir: Path, question: Mapping[str, Any], seconds: float) -> dict[str, Any] | None:
    path = socket_path(data_dir)
    if sys.platform == "win32" or not private(path.parent, data_dir):
        return None
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(seconds)
            connection.connect(str(path))
            connection.sendall(json.dumps(question).encode())
            connection.shutdown(socket.SHUT_WR)
            answer = json.loads(received(connection) or b"null")
    except TimeoutError:
        raise
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None


def _user() -> int:
    return os.getuid() if sys.platform != "win32" else 0
