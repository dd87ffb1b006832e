"""The entry point of a web server: `uvicorn --factory identity_graph_api.asgi:create`.

Settings come from the environment here, and only here; each worker opens its own connection to the graph.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI

from identity_graph.settings import Settings
from identity_graph_api.app import create_app

__all__ = ["create"]


def create() -> FastAPI:
    """Make the service from IDENTITY_GRAPH_* variables, with its log on standard error."""
    log = logging.getLogger("identity_graph_api")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(handler)
        log.setLevel(logging.INFO)
    return create_app(Settings())
