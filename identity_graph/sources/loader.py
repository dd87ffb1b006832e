"""The loader port: how a kind of file becomes raw batches, and how its loader is found.

A path comes in, raw batches go out. A loader is a small class named in the entry point group
`identity_graph.loaders`, so that other packages can bring theirs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar

from identity_graph.errors import SourceNotFoundError
from identity_graph.sources.batches import FactBatch, RawBatch
from identity_graph.sources.canonical import CanonicalOptions, canonical_facts
from identity_graph.sources.mapping import SourceMapping

__all__ = ["Loader", "ReadOptions", "find_loader", "known_suffixes"]

_GROUP = "identity_graph.loaders"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a loader is told about one file.

    Attributes:
        encoding: text encoding; None finds it from the bytes.
        delimiter: field separator; None finds it from the first lines.
        batch_rows: rows per batch, about.
        progress: called with the bytes of the file taken in since the last call.
    """

    encoding: str | None = None
    delimiter: str | None = None
    batch_rows: int = 10_000
    progress: Callable[[int], None] | None = None


class Loader(ABC):
    """Reads one kind of file; `get` is the only method a new kind must write."""

    suffixes: ClassVar[tuple[str, ...]] = ()
    """Endings of file names it reads, lower case, without `.gz`, such as `.csv`."""

    fixed_columns: ClassVar[bool] = True
    """Every row has every column, so a column that a mapping names must be there; else an absent one is null."""

    @abstractmethod
    def get(self, path: Path, options: ReadOptions) -> Iterator[RawBatch]:
        """Read a file batch by batch, holding one batch in memory.

        Every row of the file comes out once: in `columns`, or as a reject with its line and reason.

        Raises:
            SourceError: the file cannot be used at all.
        """

    def transform(self, raw: RawBatch) -> RawBatch:
        """Reshape a batch (split, rename, derive columns) without reading anything else; as it is by default."""
        return raw

    def records(self, raw: RawBatch, mapping: SourceMapping, options: CanonicalOptions) -> FactBatch:
        """Turn a batch into canonical facts by its mapping."""
        return canonical_facts(raw, mapping, options)


@lru_cache(maxsize=1)
def _loaders() -> tuple[Loader, ...]:
    found = sorted(entry_points(group=_GROUP), key=lambda point: point.name)
    return tuple(point.load()() for point in found)


def known_suffixes() -> tuple[str, ...]:
    """Return the endings of file names that some loader reads, sorted, without `.gz`."""
    return tuple(sorted({suffix for loader in _loaders() for suffix in loader.suffixes}))


def find_loader(path: Path) -> Loader:
    """Find the loader of a file by its ending; `.gz` may follow.

    Raises:
        SourceNotFoundError: no loader reads this kind of file.
    """
    name = path.name.lower().removesuffix(".gz")
    for loader in _loaders():
        if name.endswith(loader.suffixes):
            return loader
    raise SourceNotFoundError(
        f"No loader reads {path}.", ids=[str(path)], next_step=f"Known endings: {', '.join(known_suffixes())}."
    )
