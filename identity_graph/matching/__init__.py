"""Which pairs of records look like one person, and how sure the evidence makes us.

A record table and the roles of its attributes are prepared; a trained model and scored pairs come out. Splink and
DuckDB are used in this package only.
"""

from __future__ import annotations

from identity_graph.matching.artefact import MatchModel, SourceStructure
from identity_graph.matching.blocking import pack, unpack
from identity_graph.matching.completion import affordable_size, unknown_pairs
from identity_graph.matching.estimation import DEFAULT_PAIRS
from identity_graph.matching.features import FEATURES_VERSION
from identity_graph.matching.fit import require_fit
from identity_graph.matching.labels import Labels
from identity_graph.matching.one_record import OneRecordMatcher, RecordMatch
from identity_graph.matching.options import MatchingOptions
from identity_graph.matching.preparation import Prepared, prepare
from identity_graph.matching.scoring import Completion, complete, score
from identity_graph.matching.training import train

__all__ = [
    "DEFAULT_PAIRS", "FEATURES_VERSION", "Completion", "Labels", "MatchModel", "MatchingOptions", "OneRecordMatcher",
    "Prepared", "RecordMatch", "SourceStructure", "affordable_size", "complete", "pack", "prepare", "require_fit",
    "score", "train", "unknown_pairs", "unpack",
]  # fmt: skip
