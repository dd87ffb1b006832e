"""Finds labelled sets: folders with records and the truth about them.

Folders come in, sets go out. A set is a folder with `truth.csv` (`record_id,cluster_id`) and one or more files called
`records*` (Parquet, CSV, JSON lines).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DEFAULT_FOLDER", "LabelledSet", "find_sets"]

DEFAULT_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Beside the checkout; used when it is there and no other folder is given."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Records and the truth about them."""

    name: str
    files: tuple[Path, ...]
    truth: Path


def find_sets(folders: Sequence[Path], names: Sequence[str] = ()) -> list[LabelledSet]:
    """List the sets in folders, and in the folders right below them.

    Args:
        folders: where to look.
        names: only these sets; all when empty.

    Returns:
        Sets sorted by name.
    """
    found = []
    for folder in folders:
        for truth in sorted([*folder.glob("truth.csv"), *folder.glob("*/truth.csv")]):
            files = tuple(sorted(truth.parent.glob("records*")))
            if files and (not names or truth.parent.name in names):
                found.append(LabelledSet(truth.parent.name, files, truth))
    return sorted(found, key=lambda one: one.name)
