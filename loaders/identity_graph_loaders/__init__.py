"""Loaders of the identity graph: one module per kind of file, each named in the entry points of the package."""

from __future__ import annotations

from identity_graph_loaders.delimited import DelimitedLoader
from identity_graph_loaders.jsonlines import JsonLinesLoader
from identity_graph_loaders.parquet import ParquetLoader

__all__ = ["DelimitedLoader", "JsonLinesLoader", "ParquetLoader"]
