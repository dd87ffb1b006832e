"""Trains a model on the records of a graph and keeps it, without resolving anything.

A graph, settings and maybe a label file come in; the model goes into the data folder and out. `resolve` takes it up
when asked, after `model diff` has shown what it would change.
"""

from __future__ import annotations

from pathlib import Path

from identity_graph.graph.port import Graph
from identity_graph.matching import MatchModel
from identity_graph.modelling import model_folder
from identity_graph.pipeline.graph_input import no_records, read_graph, within
from identity_graph.pipeline.labels import read_labels
from identity_graph.pipeline.linking import LinkingOptions, train_model
from identity_graph.pipeline.stages import Stages, Watcher
from identity_graph.settings import Settings

__all__ = ["train_on_graph"]


def train_on_graph(
    graph: Graph, settings: Settings, labels: Path | None = None, watcher: Watcher | None = None
) -> MatchModel:
    """Train a model and keep it beside the others; the one in use stays in use.

    Args:
        graph: its records and decisions teach the model.
        settings: data folder, threads and memory.
        labels: label file; None is none.
        watcher: who wants to see progress.

    Raises:
        NotFoundError: the graph holds no records.
        SourceError: the label file cannot be used.
    """
    linking = LinkingOptions(labels=None if labels is None else read_labels(labels))
    stages = Stages(watcher)
    given = read_graph(graph, settings, stages)
    if given.records.num_rows == 0:
        raise no_records()
    model = train_model(given.records, given.roles, given.decisions, within(settings, linking), stages)
    model.save(model_folder(settings, model.version))
    return model
