"""Names for the sources of files that nobody named: each file its own, whatever the order of the files.

Paths come in, a source name per path goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from identity_graph.sources.mapping import source_name
from identity_graph.sources.paths import file_stem

__all__ = ["distinct_source_names"]


def distinct_source_names(paths: Iterable[Path]) -> dict[Path, str]:
    """Name the source of each file after the file.

    Args:
        paths: files, each once.

    Returns:
        The file's name without endings; files of one folder that share it keep their endings; files of several
        folders that share it get as many folder names in front as tell them apart (`a_crm`, `b_crm`).
    """
    files = sorted(paths)
    in_folder = Counter((path.absolute().parent, file_stem(path)) for path in files)
    last = {
        path: path.name if in_folder[path.absolute().parent, file_stem(path)] > 1 else file_stem(path) for path in files
    }
    folders = dict.fromkeys(files, 0)
    deepest = max((len(path.absolute().parts) for path in files), default=0)
    for _ in range(deepest):
        names = {path: _named(path, last[path], folders[path]) for path in files}
        count = Counter(names.values())
        alike = [path for path in files if count[names[path]] > 1]
        if not alike:
            return names
        for path in alike:
            folders[path] += 1
    return _numbered({path: _named(path, last[path], 0) for path in files})


def _named(path: Path, last: str, folders: int) -> str:
    parents = path.absolute().parent.parts[1:]
    return source_name("_".join([*parents[max(0, len(parents) - folders) :], last]))


def _numbered(names: dict[Path, str]) -> dict[Path, str]:
    """Number the names that only characters outside names told apart."""
    taken: set[str] = set()
    for path, name in names.items():
        number, free = 1, name
        while free in taken or (number > 1 and free in names.values()):
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        names[path] = free
    return names
