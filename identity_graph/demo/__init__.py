"""The demo's generator: people and the files of one company's systems, with known truth.

A seed and a size come in, files and truth go out; no external data is used.
"""

from __future__ import annotations

from identity_graph.demo.generate import DemoFiles, generate

__all__ = ["DemoFiles", "generate"]
