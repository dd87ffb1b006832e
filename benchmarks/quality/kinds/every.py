"""All kinds of generated sets, and writing them.

A folder comes in; one folder per set goes out, each with `records*` and `truth.csv`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.quality.kinds.businesses import businesses
from benchmarks.quality.kinds.catalogues import books, products
from benchmarks.quality.kinds.civil_registry import civil_registry
from benchmarks.quality.kinds.foreign_names import foreign_names
from benchmarks.quality.kinds.hospital import hospital
from benchmarks.quality.kinds.inventors import inventors
from benchmarks.quality.kinds.shared_contacts import shared_contacts
from benchmarks.quality.kinds.sheets import Sheet, write_set
from benchmarks.quality.kinds.sparse_sources import sparse_sources
from benchmarks.quality.kinds.survey import survey
from benchmarks.quality.kinds.two_layouts import two_layouts
from benchmarks.quality.kinds.voters import voters
from identity_graph.demo.chances import Chance

__all__ = ["KINDS", "write_kinds"]

KINDS: Mapping[str, tuple[Callable[[int, Chance], list[Sheet]], int]] = {
    "kind_books": (books, 2_000),
    "kind_businesses": (businesses, 4_000),
    "kind_civil_registry": (civil_registry, 3_000),
    "kind_foreign_names": (foreign_names, 2_500),
    "kind_hospital": (hospital, 3_000),
    "kind_inventors": (inventors, 1_500),
    "kind_products": (products, 3_000),
    "kind_shared_contacts": (shared_contacts, 2_500),
    "kind_sparse_sources": (sparse_sources, 4_000),
    "kind_survey": (survey, 400),
    "kind_two_layouts": (two_layouts, 6_000),
    "kind_voters": (voters, 7_000),
}
"""Name -> what makes it, and how many people or things it is about."""


def write_kinds(folder: Path, names: Sequence[str] = (), share: float = 1.0, seed: int = 1) -> list[Path]:
    """Write generated sets.

    Args:
        folder: gets one folder per set.
        names: only these sets; all when empty.
        share: of the usual size, above 0.
        seed: any whole number; the same seed and share give the same bytes.

    Returns:
        The paths of the truths.
    """
    written = []
    for name in names or sorted(KINDS):
        make, size = KINDS[name]
        chance = Chance(f"kinds/{name}/{seed}")
        sheets = make(max(10, int(size * share)), chance)
        written.append(write_set(folder / name, sheets, chance))
    return written
