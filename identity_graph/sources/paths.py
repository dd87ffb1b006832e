"""Which files are meant: a file, a folder or a glob in, the files some loader reads out."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

from identity_graph.errors import SourceNotFoundError
from identity_graph.sources.loader import find_loader, known_suffixes

__all__ = ["expand_paths", "file_stem"]


def expand_paths(paths: Iterable[str | Path]) -> tuple[Path, ...]:
    """Find the files that paths stand for.

    Args:
        paths: files, folders (every file in them or below that a loader reads) or globs (`**` for any depth).

    Returns:
        The files, each once, in the order given; those of one folder or glob sorted by name.

    Raises:
        SourceNotFoundError: a path stands for nothing, or no loader reads a file that was named.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_files_of(Path(path))))
    if not found:
        raise SourceNotFoundError("No file was given.", next_step="Name a file, a folder or a glob.")
    return tuple(found)


def file_stem(path: Path) -> str:
    """Return the file's name without its endings, such as `crm` for `crm.csv.gz`."""
    name = path.name
    if name.lower().endswith(".gz"):
        name = name[:-3]
    return Path(name).stem or name


def _files_of(path: Path) -> list[Path]:
    if path.is_file():
        find_loader(path)
        return [path]
    if path.is_dir():
        return _readable(sorted(path.rglob("*")), path)
    matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))  # noqa: PTH207 - the pattern may be absolute
    if not matches:
        raise SourceNotFoundError(f"There is no file {path}.", ids=[str(path)], next_step=_nearby(path))
    return _readable(matches, path)


def _readable(candidates: list[Path], asked: Path) -> list[Path]:
    """Keep the files that a loader reads; hidden files are nobody's data."""
    endings = known_suffixes()
    files = [
        path
        for path in candidates
        if path.is_file() and not path.name.startswith(".") and path.name.lower().removesuffix(".gz").endswith(endings)
    ]
    if not files:
        raise SourceNotFoundError(
            f"No loader reads any file in {asked}.", ids=[str(asked)], next_step=f"Known endings: {', '.join(endings)}."
        )
    return files


def _nearby(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"The folder {folder} does not exist."
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))[:10]
    return f"The folder {folder} holds {', '.join(names)}." if names else f"The folder {folder} is empty."
