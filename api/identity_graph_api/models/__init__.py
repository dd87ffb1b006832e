"""The bodies of requests and responses, one module per noun, each field with a description and an example."""

from __future__ import annotations

__all__: list[str] = []
