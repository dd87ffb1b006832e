"""The HTTP service over the identity graph."""

from __future__ import annotations

from identity_graph_api.app import create_app

__all__ = ["create_app"]
