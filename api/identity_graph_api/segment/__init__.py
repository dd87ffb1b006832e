"""The Profile API of Segment as a second face of profiles: its paths, parameters, bodies and errors."""

from __future__ import annotations

from identity_graph_api.segment import accounts, elsewhere, routes

__all__ = ["routers"]

routers = (routes.router, accounts.router, elsewhere.router)
"""What the service includes, the last for what the others do not know."""
