"""Files to facts: the loader port, mappings, detection of column roles, and the canonical step.

Paths and mappings come in; fact batches and rejects go out. Loaders themselves live beside the library.
"""

from __future__ import annotations

from identity_graph.sources.batches import FactBatch, RawBatch, no_touchpoints, text_table
from identity_graph.sources.canonical import CanonicalOptions, canonical_facts
from identity_graph.sources.detect import DetectOptions, describe_mapping, detect_mapping
from identity_graph.sources.loader import Loader, ReadOptions, find_loader
from identity_graph.sources.mapping import ColumnMapping, SourceMapping, TouchpointMapping
from identity_graph.sources.mapping_file import mapping_from_text, mapping_to_text, read_mapping, write_mapping
from identity_graph.sources.paths import expand_paths
from identity_graph.sources.reader import OpenOptions, SourceFile, SourceReader, open_sources
from identity_graph.sources.replay import replay
from identity_graph.sources.same_record import merge_batches

__all__ = [
    "CanonicalOptions", "ColumnMapping", "DetectOptions", "FactBatch", "Loader", "OpenOptions", "RawBatch",
    "ReadOptions", "SourceFile", "SourceMapping", "SourceReader", "TouchpointMapping", "canonical_facts",
    "describe_mapping", "detect_mapping", "expand_paths", "find_loader", "mapping_from_text", "mapping_to_text",
    "merge_batches", "no_touchpoints", "open_sources", "read_mapping", "replay", "text_table", "write_mapping",
]  # fmt: skip
