"""What endpoints need to answer: the graph, the readers over it, and the settings, as FastAPI dependencies.

The application makes one Services when it starts; endpoints name the part they need by type.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from identity_graph.customers.read import CustomerReader
from identity_graph.facts import FactStore
from identity_graph.graph import Graph
from identity_graph.journal import Journal
from identity_graph.settings import Settings
from identity_graph_api.metrics import Metrics

__all__ = ["FactsDependency", "GraphDependency", "ReaderDependency", "Services", "ServicesDependency"]


class Services:
    """The parts that live as long as the application."""

    def __init__(self, graph: Graph, settings: Settings, metrics: Metrics, journal: Journal) -> None:
        self.graph = graph
        self.journal = journal
        self.settings = settings
        self.metrics = metrics
        self.facts = FactStore(graph, settings)
        self.reader = CustomerReader(graph, settings.default_region)


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _graph(request: Request) -> Graph:
    return _services(request).graph


def _facts(request: Request) -> FactStore:
    return _services(request).facts


def _reader(request: Request) -> CustomerReader:
    return _services(request).reader


FactsDependency = Annotated[FactStore, Depends(_facts)]
ServicesDependency = Annotated[Services, Depends(_services)]
GraphDependency = Annotated[Graph, Depends(_graph)]
ReaderDependency = Annotated[CustomerReader, Depends(_reader)]
