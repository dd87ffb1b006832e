"""Makes the service: routers, the one error body, keys, request ids and metrics around one graph.

Settings (and for tests a graph) come in, a FastAPI application goes out. The graph is opened when the server starts
and given back when it stops. No business rule lives here.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool

from identity_graph.facts import Handover
from identity_graph.graph import Graph, open_graph
from identity_graph.ingest import ApplierThread
from identity_graph.journal import GroupCommit, WriteKeys, open_journal
from identity_graph.realtime import ResolverThread
from identity_graph.settings import Settings
from identity_graph_api import segment
from identity_graph_api.errors import PROBLEM_RESPONSES, install_error_handlers
from identity_graph_api.keys import KeyRing, check_key
from identity_graph_api.metrics import Metrics
from identity_graph_api.requests import RequestMiddleware
from identity_graph_api.routers import (
    changes,
    customers,
    dead_letters,
    decisions,
    explain,
    live,
    modelling,
    operations,
    organisations,
    profiles,
    quality,
    records,
    rejected,
    review,
    search,
    segments,
)
from identity_graph_api.services import Services, Streams
from identity_graph_api.tracking import TrackingGate

__all__ = ["create_app"]

_log = logging.getLogger("identity_graph_api")

_DESCRIPTION = (
    "Finds the customer behind any fragment, explains why records are one person, and takes stewards' decisions. "
    "Every error has the same body (application/problem+json) with a code, the ids concerned and the next step."
)


def create_app(settings: Settings, graph: Graph | None = None) -> FastAPI:
    """Make the service.

    Args:
        settings: where the graph is and which keys are good.
        graph: an open graph to use, which stays open; None opens the one of the settings with the server.
    """
    metrics = Metrics()
    app = FastAPI(
        title="Identity graph",
        version=version("identity-graph"),
        description=_DESCRIPTION,
        lifespan=_lifespan(settings, graph, metrics),
        responses=PROBLEM_RESPONSES,
        redoc_url=None,
    )
    app.state.keys = KeyRing.from_settings(settings)
    guarded = [Depends(check_key)]
    about_facts = (records, explain, review, decisions, rejected, dead_letters, modelling, quality)
    for module in (customers, organisations, profiles, changes, live, search, segments, *about_facts):
        # The prefix stands in the routers themselves, so that a matched route knows its whole template.
        app.include_router(module.router, dependencies=guarded)
    for router in segment.routers:
        app.include_router(router)
    app.include_router(operations.open_router)
    app.include_router(live.open_router)
    app.include_router(operations.router, dependencies=guarded)
    install_error_handlers(app)
    keys = WriteKeys.of(settings)
    app.add_middleware(TrackingGate, keys=keys, event_bytes=settings.event_kib * 1024, state=app.state)
    app.add_middleware(RequestMiddleware, metrics=metrics)
    return app


def _lifespan(
    settings: Settings, graph: Graph | None, metrics: Metrics
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # The server's own access log writes whole addresses, and those hold e-mail addresses and names.
        logging.getLogger("uvicorn.access").disabled = True
        opened = graph if graph is not None else await run_in_threadpool(open_graph, settings)
        journal = await run_in_threadpool(open_journal, settings)
        app.state.services = Services(opened, settings, metrics, journal)
        app.state.commit = GroupCommit(journal)
        streams = app.state.streams = Streams(opened, journal)
        workers: list[ApplierThread | ResolverThread] = []
        if settings.apply_events:
            handover = Handover()
            workers = [ApplierThread(opened, settings, handover), ResolverThread(opened, settings, handover)]
        _announce(app.state.keys, opened)
        try:
            with streams.stopping.heard():
                yield
        finally:
            await run_in_threadpool(streams.close)
            await app.state.commit.close()
            for worker in workers:
                await run_in_threadpool(worker.close)
            journal.close()
            if graph is None:
                await run_in_threadpool(opened.close)
            _log.info("stopped")

    return lifespan


def _announce(keys: KeyRing, graph: Graph) -> None:
    _log.info("serving the graph on %s", graph.capabilities.name)
    if keys.empty:
        _log.warning(
            "no API key is configured, so only clients on this machine are answered; "
            "set IDENTITY_GRAPH_API_KEYS to serve others"
        )
    else:
        _log.info("%d API keys are configured; every request under /v1 needs one", len(keys))
