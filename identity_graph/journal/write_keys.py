"""Write keys: who may send events, and for which source. Kept as digests in one small file beside the journal.

The commands make, list and revoke them; the service finds the key of each request. The file is replaced as a whole,
and read again when it was, so a revoked key is refused by the next request, in every process.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from identity_graph.errors import ConflictError, NotFoundError
from identity_graph.settings import Settings
from identity_graph.sources.mapping import check_source_name

__all__ = ["KeyKind", "WriteKey", "WriteKeys"]

_SHOWN = 8


class KeyKind(StrEnum):
    """How far a key is to be trusted."""

    PRIVATE = "private"
    """It stays on the company's own servers."""

    PUBLIC = "public"
    """Anybody can read it in a page or an app: its word alone must not join two known customers."""


@dataclass(frozen=True, slots=True)
class WriteKey:
    """One write key.

    Attributes:
        id: the first characters of the key, to name it by.
        source: the source that its events belong to.
        kind: how far it is trusted; all keys of a source are of one kind.
        created_at, revoked_at: ISO-8601 UTC times; `revoked_at` is None while the key is good.
        digest: SHA-256 of the key, hexadecimal.
    """

    id: str
    source: str
    kind: KeyKind
    created_at: str
    revoked_at: str | None
    digest: str


class WriteKeys:
    """The write keys of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "write-keys.json"
        self._version: tuple[int, int] | None = None
        self._keys: tuple[WriteKey, ...] = ()
        self._good: dict[str, WriteKey] = {}

    @classmethod
    def of(cls, settings: Settings) -> WriteKeys:
        """Return the keys of the settings' data folder."""
        return cls(settings.data_dir / "events")

    def make(self, source: str, kind: KeyKind, at: datetime) -> tuple[WriteKey, str]:
        """Make a key for a source; returns it and its text, which is stored nowhere.

        Raises:
            InvalidMappingError: the source name has characters it may not have.
            ConflictError: the source has keys of the other kind, even revoked ones.
        """
        check_source_name(source)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._one_writer():
            keys = self.all()
            if any(key.source == source and key.kind != kind for key in keys):
                raise ConflictError(
                    f"The source {source!r} has keys of the other kind; its facts cannot be told apart by key.",
                    ids=[source], next_step=f"Use a source of its own for {kind} keys, such as {source}_{kind}.",
                )  # fmt: skip
            text = secrets.token_hex(16)
            key = WriteKey(text[:_SHOWN], source, kind, at.isoformat(timespec="seconds"), None, _digest(text))
            self._replace((*keys, key))
        return key, text

    def all(self) -> tuple[WriteKey, ...]:
        """Return every key ever made, oldest first."""
        self._refresh()
        return self._keys

    def revoke(self, id: str, at: datetime) -> WriteKey:
        """Refuse a key from now on; a second time changes nothing.

        Raises:
            NotFoundError: there is no such key.
        """
        with self._one_writer():
            keys = self.all()
            found = next((key for key in keys if key.id == id), None)
            if found is None:
                raise NotFoundError(
                    f"There is no write key {id!r}.", ids=[id], next_step="List them: identity-graph keys list"
                )
            revoked = replace(found, revoked_at=found.revoked_at or at.isoformat(timespec="seconds"))
            self._replace([revoked if key is found else key for key in keys])
        return revoked

    def find(self, text: str) -> WriteKey | None:
        """Return the key with a text, when it is good; costs a look at the file's date."""
        self._refresh()
        return self._good.get(_digest(text))

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._version, self._keys, self._good = None, (), {}
            return
        version = (status.st_mtime_ns, status.st_ino)
        if version != self._version:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            self._keys = tuple(WriteKey(**{**row, "kind": KeyKind(row["kind"])}) for row in rows)
            self._good = {key.digest: key for key in self._keys if key.revoked_at is None}
            self._version = version

    def _replace(self, keys: Sequence[WriteKey]) -> None:
        """Write a new file and put it in the place of the old one, so that nobody reads half of it."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump([asdict(key) for key in keys], file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def _one_writer(self) -> FileLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._path.with_suffix(".lock"))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
