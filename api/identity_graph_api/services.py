"""What endpoints need to answer: the graph, the readers over it, and the settings, as FastAPI dependencies.

The application makes one Services when it starts; endpoints name the part they need by type.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends, Request

from identity_graph.customers.read import CustomerReader
from identity_graph.facts import FactStore
from identity_graph.feed import Broadcast, ChangeFeed, CloudEvent
from identity_graph.graph import Graph
from identity_graph.journal import Journal
from identity_graph.live import LiveFrame, LiveWatch, frames
from identity_graph.namespace_file import namespace_rules
from identity_graph.profiles import Freshness, Placer, ProfileReader
from identity_graph.settings import Settings
from identity_graph_api.metrics import Metrics
from identity_graph_api.streaming import Stopping, Waking

__all__ = [
    "FactsDependency", "GraphDependency", "ReaderDependency", "Services", "ServicesDependency", "Streams",
    "StreamsDependency",
]  # fmt: skip

_LOOK_FOR_CHANGES_SECONDS = 0.2
_LOOK_FOR_FRAMES_SECONDS = 0.5
_FRAMES_HELD = 20


class Services:
    """The parts that live as long as the application."""

    def __init__(self, graph: Graph, settings: Settings, metrics: Metrics, journal: Journal) -> None:
        self.graph = graph
        self.journal = journal
        self.settings = settings
        self.metrics = metrics
        self.facts = FactStore(graph, settings)
        self.reader = CustomerReader(graph, settings.default_region)
        self.profiles = ProfileReader(graph, settings)
        self.placer = Placer(graph, settings)
        self.rules = namespace_rules(settings)
        self.freshness = Freshness(graph, journal)


class Streams:
    """What lasting answers share: one looker per process, and word of the server's end. Made in the event loop."""

    def __init__(self, graph: Graph, journal: Journal) -> None:
        self._graph, self._journal = graph, journal
        self.stopping = Stopping()
        self.feed = ChangeFeed(graph)
        self.changes: Broadcast[CloudEvent] = Broadcast("change feed", self.feed.look, _LOOK_FOR_CHANGES_SECONDS)
        self.frames: Broadcast[LiveFrame] = Broadcast(
            "live view", frames(graph, journal), _LOOK_FOR_FRAMES_SECONDS, _FRAMES_HELD
        )

    def look_back(self, history: int) -> LiveFrame:
        """Return the last events and changes, and the state, as a frame."""
        return LiveWatch(self._graph, self._journal).look(history)

    async def woken(self, waking: Waking, seconds: float) -> bool:
        """Wait for news; False when the time passed or the server stops."""
        news, stop = asyncio.ensure_future(waking.wait(seconds)), asyncio.ensure_future(self.stopping.wait())
        try:
            await asyncio.wait((news, stop), return_when=asyncio.FIRST_COMPLETED)
            return news.done() and news.result()
        finally:
            news.cancel()
            stop.cancel()

    def close(self) -> None:
        """Stop looking, and end every lasting answer."""
        self.stopping.begin()
        self.changes.close()
        self.frames.close()


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _graph(request: Request) -> Graph:
    return _services(request).graph


def _facts(request: Request) -> FactStore:
    return _services(request).facts


def _reader(request: Request) -> CustomerReader:
    return _services(request).reader


def _streams(request: Request) -> Streams:
    streams: Streams = request.app.state.streams
    return streams


FactsDependency = Annotated[FactStore, Depends(_facts)]
ServicesDependency = Annotated[Services, Depends(_services)]
GraphDependency = Annotated[Graph, Depends(_graph)]
ReaderDependency = Annotated[CustomerReader, Depends(_reader)]
StreamsDependency = Annotated[Streams, Depends(_streams)]
