"""The tracking routes: events of sites, apps and servers, by the protocol that their SDKs already speak.

Requests come in; events go to the journal and answers that the SDKs understand go out. Stands in front of the other
routes, because an SDK needs more than the framework gives: bodies of any content type, and errors of its own form.
"""

from __future__ import annotations

from identity_graph_api.tracking.gate import TrackingGate
from identity_graph_api.tracking.routes import ROUTES

__all__ = ["ROUTES", "TrackingGate"]
