"""What a failure of the engine means: its kind, code and words in, an error of our own tree out.

Engines word the same failure differently, and the embedded one withholds its texts, so codes decide first and words
second.
"""

from __future__ import annotations

from typing import Literal

from identity_graph.errors import (
    EngineConflictError,
    EngineError,
    EngineStorageError,
    EngineUnavailableError,
)

__all__ = ["FailureKind", "engine_error"]

FailureKind = Literal["lost", "authentication", "address", "answer"]
"""The connection was lost, the user refused, the address unusable, or the engine answered with an error."""

# A uniqueness violation on a MERGE is the race of two writers creating one key: the loser finds it on the next try.
_CONFLICT_WORDS = (
    "constraintvalidationfailed",
    "deadlockdetected",
    "lockclientstopped",
    "lockacquisitiontimeout",
    "concurrentmodification",
    "duplicatedkey",
    "needretry",
    "entitynotfound",
)
_STORAGE_WORDS = (
    "no space left",
    "disk full",
    "disk is full",
    "read-only file system",
    "file too large",
    "disk quota exceeded",
    "databasepanic",
    "insufficientfreespace",
)
_GONE_CODES = (
    "Neo.TransientError.General.DatabaseUnavailable",
    "Neo.TransientError.Database.DatabaseUnavailable",
    "Neo.ClientError.Database.DatabaseNotFound",
)


def engine_error(kind: FailureKind, code: str, text: str, query: str) -> EngineError:
    """Say in our own error tree what a failure while running a query means.

    Args:
        kind: what sort of failure the driver saw.
        code: the engine's code, or the driver's name of the failure.
        text: what the engine or the driver said.
        query: name of the query, for the message.
    """
    words = f"{code} {text}".lower()
    text = text.strip().rstrip(".") or code
    if any(word in words for word in _STORAGE_WORDS):
        return EngineStorageError(
            f"The graph engine could not write while running {query}: {text}.",
            ids=[query],
            next_step="Free disk space where the graph is stored, then run it again; nothing is half done.",
        )
    if kind == "authentication":
        return EngineError(
            f"The graph engine refused the user or password ({code}).",
            ids=[query],
            next_step="Check IDENTITY_GRAPH_USER and IDENTITY_GRAPH_PASSWORD.",
        )
    if kind == "address":
        return EngineError(
            f"The address of the graph cannot be used: {text}.",
            next_step="IDENTITY_GRAPH_URI looks like neo4j://host:7687 or bolt://host:7687.",
        )
    if kind == "lost" or code in _GONE_CODES:
        return EngineUnavailableError(
            f"The graph engine cannot be reached, or the connection was lost, while running {query}: {text}.",
            ids=[query],
            next_step="Check that the engine runs and IDENTITY_GRAPH_URI is right; what was running can be run again.",
        )
    if code.startswith("Neo.TransientError.") or any(word in words for word in _CONFLICT_WORDS):
        return EngineConflictError(
            f"Another writer touched the same data while {query} ran ({code}).", ids=[query], next_step="Run it again."
        )
    return EngineError(f"The graph engine refused {query} ({code}): {text}.", ids=[query])
