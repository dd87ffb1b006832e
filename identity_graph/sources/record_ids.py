"""Ids for rows that have none: a hash of the content, and a number for identical rows of one file."""

from __future__ import annotations

from hashlib import blake2b

import pyarrow as pa

__all__ = ["ContentIds", "content_hashes"]


def content_hashes(rows: pa.Array) -> pa.Array:
    """Return the hash of each row given as JSON text; identical rows have one hash."""
    return pa.array([_digest(row).hex() for row in rows.to_pylist()], pa.string())


def _digest(row: str) -> bytes:
    return blake2b(row.encode(), digest_size=12).digest()


class ContentIds:
    """Makes the same id for the same row of the same file, whenever it is read.

    The second identical row gets `-2`, the third `-3`. Memory: about 80 bytes per row, because identical rows may be
    any distance apart; the one place where reading costs memory per row.
    """

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._repeats: dict[bytes, int] = {}

    def of(self, rows: pa.Array) -> pa.Array:
        """Return the ids of rows given as JSON texts, in order."""
        return pa.array([self._id(row) for row in rows.to_pylist()], pa.string())

    def _id(self, row: str) -> str:
        digest = _digest(row)
        if digest not in self._seen:
            self._seen.add(digest)
            return digest.hex()
        number = self._repeats.get(digest, 1) + 1
        self._repeats[digest] = number
        return f"{digest.hex()}-{number}"
