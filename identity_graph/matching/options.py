"""Settings of one matching run: resources, the seed and the budgets; nothing here changes what a weight means."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

from identity_graph.errors import InvalidSettingError

__all__ = ["MatchingOptions"]


@dataclass(frozen=True, slots=True)
class MatchingOptions:
    """How much work matching may do, and where.

    Attributes:
        threads: DuckDB threads; 0 means all processors.
        memory_limit: DuckDB memory before it spills to `work_dir`, such as `2GB`.
        seed: seed of every sample; the same records and seed give the same model.
        work_dir: folder for spill files; None keeps everything in memory.
        minimum_weight: pairs below this match weight (log2 odds) are not returned.
        pairs_floor: this many pairs are always affordable; up to it, every pair of records is compared.
        pairs_per_record: candidate pairs allowed for each record above the floor.
        pairs_growth: a model given may find this many times the pairs that training on the same records would allow;
            with more, the data have outgrown it.
        sample_pairs: random pairs that tell how often strangers agree, and candidate pairs used for training.
    """

    threads: int = 0
    memory_limit: str = "2GB"
    seed: int = 1
    work_dir: Path | None = None
    minimum_weight: float = -6.0
    pairs_floor: int = 2_000_000
    pairs_per_record: int = 4
    pairs_growth: int = 4
    sample_pairs: int = 600_000

    def __post_init__(self) -> None:
        lowest = {"threads": 0, "pairs_floor": 0, "pairs_per_record": 1, "pairs_growth": 1, "sample_pairs": 1000}
        wrong = [name for name, least in lowest.items() if getattr(self, name) < least]
        if wrong:
            raise InvalidSettingError(
                f"Matching needs {', '.join(f'{name} >= {lowest[name]}' for name in wrong)}.", ids=wrong
            )

    @property
    def thread_count(self) -> int:
        """Threads to use, with 0 resolved to the number of processors."""
        return self.threads or os.cpu_count() or 1

    def pairs_budget(self, records: int) -> int:
        """Candidate pairs allowed for a table of `records` records."""
        return max(self.pairs_floor, self.pairs_per_record * records)

    @property
    def whole_table(self) -> int:
        """The largest number of records of which every pair is within the budget."""
        return max((1 + math.isqrt(1 + 8 * self.pairs_floor)) // 2, 2 * self.pairs_per_record + 1)
